import TestSupport
import Testing

@testable import Slurm

@Suite("Status of a pipeline's jobs")
struct SlurmReportTests {
  private static func submission(_ ids: String?..., needs: [Int] = []) -> SlurmSubmission {
    SlurmSubmission(
      pipeline: "p",
      jobs: ids.enumerated().map { number, id in
        SlurmJob(number: number + 1, name: "j", tasks: [["s\(number)"]], isArray: false, needs: needs, id: id)
      })
  }

  private static func report(
    _ submission: SlurmSubmission, _ queue: String?, _ folder: TemporaryFolder
  ) -> SlurmReport {
    SlurmReport(submission, in: SlurmFolder(in: folder.path), queue.map(Slurm.parse(queue:)))
  }

  @Test("A failed task is reported with its last words")
  func lastWords() throws {
    let folder = try TemporaryFolder()
    try SlurmFolder(in: folder.path).prepare()
    try folder.write("slurm/exit/01.0", text: "78\n")
    try folder.write("slurm/log/01.0", text: "setup: line failed with status 1: module load x\n")
    let report = Self.report(Self.submission("7"), "7|FAILED|NonZeroExitCode|n1|c|", folder)
    #expect(report.table.contains("failed: a line of setup failed (78)"), "\(report.table)")
    let words = "slurm/log/01.0\n  | setup: line failed with status 1: module load x\n"
    #expect(report.table.contains(words), "\(report.table)")
  }

  @Test("Once Slurm has refused a job, jobs not yet submitted are not waited for, and the rest are until they end")
  func refused() throws {
    let folder = try TemporaryFolder()
    var submission = Self.submission("7", nil)
    #expect(Self.report(submission, "7|COMPLETED|None|n1|c|", folder).state == "waiting")
    submission.isRefused = true
    let running = Self.report(submission, "7|RUNNING|None|n1|c|", folder)
    #expect(running.state == "running" && !running.isOver)
    let over = Self.report(submission, "7|COMPLETED|None|n1|c|", folder)
    #expect(over.state == "refused" && over.isOver && !over.isDone && over.failed.isEmpty)
    let none = Self.report(
      {
        var none = Self.submission(nil)
        none.isRefused = true
        return none
      }(), "", folder)
    #expect(none.state == "refused" && none.isOver)
  }

  @Test("A job that Slurm accepted without a record is found by its comment, even if another was refused")
  func found() throws {
    let folder = try TemporaryFolder()
    var submission = Self.submission(nil, nil)
    submission.isRefused = true
    let comment = submission.comment(submission.jobs[0])
    let report = Self.report(submission, "9|RUNNING|None|n2|\(comment)|", folder)
    #expect(report.tasks.map(\.state) == [.running, .notRun] && report.tasks[0].job == "9" && !report.isOver)
  }

  @Test("A pipeline cancelled before all jobs were submitted is over when the rest have ended")
  func cancelled() throws {
    let folder = try TemporaryFolder()
    var submission = Self.submission("7", nil)
    submission.isCancelled = true
    #expect(Self.report(submission, "7|RUNNING|None|n1|c|", folder).state == "being cancelled")
    let over = Self.report(submission, "7|CANCELLED|None|n1|c|", folder)
    #expect(over.isOver && over.state == "cancelled")
  }

  @Test(
    "A task that Slurm has forgotten did not run if its inputs are missing, and was cancelled if that was requested")
  func forgotten() throws {
    let folder = try TemporaryFolder()
    try SlurmFolder(in: folder.path).prepare()
    try folder.write("slurm/starts/01.0", text: "n1\n")
    var submission = SlurmSubmission(
      pipeline: "p",
      jobs: [(1, []), (2, [1]), (3, [2])].map { number, needs in
        SlurmJob(number: number, name: "j", tasks: [["s"]], isArray: false, needs: needs, id: "\(number)")
      })
    #expect(Self.report(submission, "", folder).tasks.map(\.state) == [.lost, .notRun, .notRun])
    submission.isCancelled = true
    #expect(Self.report(submission, "", folder).tasks.map(\.state) == [.cancelled, .notRun, .notRun])
    try folder.write("slurm/exit/01.0", text: "0\n")
    submission.isCancelled = false
    #expect(Self.report(submission, "", folder).tasks.map(\.state) == [.done, .lost, .notRun])
  }

  @Test("The summary says why jobs wait, if it is not just the queue")
  func reasons() throws {
    let folder = try TemporaryFolder()
    let submission = Self.submission("7", "8", "9")
    let held = "7|PENDING|Resources||c|\n8|PENDING|JobHeldUser||c|\n9|PENDING|Dependency||c|"
    #expect(Self.report(submission, held, folder).summary == "3 tasks: 3 waiting (JobHeldUser)")
    let usual = "7|PENDING|Resources||c|\n8|PENDING|Priority||c|\n9|PENDING|Dependency||c|"
    #expect(Self.report(submission, usual, folder).summary == "3 tasks: 3 waiting")
  }

  @Test("If Slurm cannot be asked, nothing is lost, and the report says so")
  func silent() throws {
    let folder = try TemporaryFolder()
    let report = Self.report(Self.submission("7"), nil, folder)
    #expect(!report.isOver && !report.isAsked && report.table.contains("Slurm does not respond here"))
    #expect(Self.report(Self.submission("7"), "", folder).tasks[0].state == .lost)
  }

  @Test("A task whose script could not record its end is described by Slurm's state")
  func words() throws {
    let folder = try TemporaryFolder()
    func state(_ line: String) -> SlurmTask.State { Self.report(Self.submission("7"), line, folder).tasks[0].state }
    #expect(state("7|FAILED|JobLaunchFailure|n1|c|") == .failed("its script was killed or could not start"))
    #expect(state("7|FAILED|NonZeroExitCode|n1|c|") == .failed("its script ended early"))
    #expect(state("7|TIMEOUT|TimeLimit|n1|c|") == .failed("timeout (TimeLimit)"))
    #expect(state("7|NODE_FAIL|NodeDown|n1|c|") == .failed("node fail (NodeDown)"))
  }
}
