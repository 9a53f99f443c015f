import Testing

@testable import Engine
@testable import Slurm

@Suite("Output of squeue")
struct SlurmTests {
  @Test("One line per task; comments may hold anything, and invalid lines are skipped")
  func parse() {
    let queue = Slurm.parse(
      queue: """
        17_0|RUNNING|None|n1|collapse-a-1|/o | ut/slurm/01.sh
        17_1|PENDING|Resources||collapse-a-1|/o | ut/slurm/01.sh
        18|PENDING|Dependency||collapse-a-2|(null)
        19|COMPLETED|None|n[1-2]|somebody's | own | words
        slurm_load_jobs error: try again
        20|RUNNING|None

        21|RUNNING|None|n3||
        """)
    #expect(
      queue.entries == [
        "17_0": .init(state: "RUNNING", reason: "None", node: "n1"),
        "17_1": .init(state: "PENDING", reason: "Resources", node: ""),
        "18": .init(state: "PENDING", reason: "Dependency", node: ""),
        "19": .init(state: "COMPLETED", reason: "None", node: "n[1-2]"),
        "21": .init(state: "RUNNING", reason: "None", node: "n3"),
      ])
    #expect(queue.jobs["collapse-a-1"] == "17" && queue.jobs["collapse-a-2"] == "18")
    #expect(queue.jobs["somebody's | own | words"] == nil)
    #expect(queue.origins["17"] == .init(comment: "collapse-a-1", script: "/o | ut/slurm/01.sh"))
    #expect(queue.origins["18"] == .init(comment: "collapse-a-2", script: ""))
    #expect(Slurm.parse(queue: "").entries.isEmpty)
  }

  @Test("Jobs submitted without a record are found by their comments")
  func found() {
    let jobs = [
      SlurmJob(number: 1, name: "a", tasks: [["x"]], isArray: false, needs: [], id: "5"),
      SlurmJob(number: 2, name: "b", tasks: [["y"], ["z"]], isArray: true, needs: [1], id: nil),
      SlurmJob(number: 3, name: "c", tasks: [["w"]], isArray: false, needs: [2], id: nil),
    ]
    let submission = SlurmSubmission(pipeline: "p", jobs: jobs)
    let queue = Slurm.parse(queue: "9_0|PENDING|None||\(submission.comment(jobs[1]))|\n4|RUNNING|None|n|other|")
    #expect(submission.found(in: queue).jobs.map(\.id) == ["5", "9", nil])
  }

  @Test("A job that waits for a missing one is not submitted")
  func needs() throws {
    let jobs = [
      SlurmJob(number: 1, name: "a", tasks: [["x"]], isArray: false, needs: [], id: "5"),
      SlurmJob(number: 2, name: "b", tasks: [["y"]], isArray: false, needs: [1], id: nil),
    ]
    let submission = SlurmSubmission(pipeline: "p", jobs: jobs)
    #expect(try submission.ids(of: [1]) == ["5"] && submission.ids(of: []) == [])
    for needs in [[1, 2], [3]] { #expect(throws: RunError.self) { try submission.ids(of: needs) } }
  }
}
