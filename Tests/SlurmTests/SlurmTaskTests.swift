import Foundation
import TestSupport
import Testing

@testable import Slurm

@Suite("Status of a task of a job")
struct SlurmTaskTests {
  private func state(_ exit: Int?, _ entry: String?, reason: String = "None", started: Bool = true) -> SlurmTask.State {
    SlurmTask.state(
      exit, entry.map { Slurm.Entry(state: $0, reason: reason, node: "n") }, isKnown: true, isSubmitted: true,
      hasStarted: started, nil)
  }

  @Test("In the queue, its state is the queue's, unless it has recorded that it is done")
  func queued() {
    #expect(state(nil, "PENDING", reason: "Resources") == .waiting("Resources"))
    #expect(state(7, "PENDING", reason: "BeginTime") == .waiting("BeginTime"))
    #expect(state(nil, "REQUEUED") == .waiting("None"))
    #expect(state(nil, "PENDING", reason: "DependencyNeverSatisfied", started: false) == .notRun)
    for name in ["RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED"] {
      #expect(state(nil, name) == .running && state(0, name) == .done)
      // A task that is being cancelled or requeued has written an exit status too.
      #expect(state(65, name) == .running && state(75, name) == .running)
    }
    #expect(state(nil, "COMPLETED") == .done)
    #expect(
      state(nil, "CANCELLED") == .cancelled && state(nil, "CANCELLED", reason: "Dependency", started: false) == .notRun)
    #expect(state(nil, "FAILED", reason: "") == .failed("its script was killed or ended early"))
    #expect(state(nil, "NODE_FAIL") == .failed("node fail") && state(0, "OUT_OF_MEMORY") == .done)
    let memory = "memory (set memory under slurm: in the pipeline file)"
    #expect(state(nil, "OUT_OF_MEMORY") == .failed("out of \(memory)"))
    #expect(state(1, "FAILED") == .failed("exit status 1"))
    #expect(state(137, "FAILED") == .failed("killed (137), perhaps out of \(memory)"))
  }

  @Test(
    "Out of the queue, its state is its record, or lost; before it is submitted, or if Slurm cannot be asked, it waits")
  func gone() {
    #expect(state(0, nil) == .done && state(65, nil) == .failed("exit status 65") && state(nil, nil) == .lost)
    func other(isKnown: Bool, isSubmitted: Bool) -> SlurmTask.State {
      SlurmTask.state(nil, nil, isKnown: isKnown, isSubmitted: isSubmitted, hasStarted: false, nil)
    }
    #expect(other(isKnown: true, isSubmitted: false) == .waiting("not submitted yet"))
    #expect(other(isKnown: false, isSubmitted: true) == .waiting(""))
  }

  @Test("Its record in the folder: nodes, tries, exit status and last words")
  func left() throws {
    let folder = try TemporaryFolder()
    let files = SlurmFolder(in: folder.path)
    try files.prepare()
    var job = SlurmJob(number: 3, name: "j", tasks: [["m/a", "m/b"], ["m/c"]], isArray: true, needs: [], id: nil)
    job.id = "17"
    try folder.write("slurm/starts/03.1", text: "n1\nn2\n")
    try folder.write("slurm/exit/03.1", text: "7\n")
    try folder.write("slurm/log/03.1", text: "a\nb\nc\nd\n")
    let failed = SlurmTask(
      job, 1, in: files, Slurm.Queue(entries: ["17_1": .init(state: "FAILED", reason: "", node: "")]))
    #expect(failed.state == .failed("exit status 7") && failed.exit == 7 && failed.retries == 1 && failed.node == "n2")
    #expect(failed.words == ["b", "c", "d"] && failed.title == "m/c" && failed.job == "17_1" && failed.isOver)
    let waiting = SlurmTask(
      job, 0, in: files, Slurm.Queue(entries: ["17_0": .init(state: "PENDING", reason: "x", node: "")]))
    #expect(waiting.state == .waiting("x") && waiting.title == "m/a, m/b" && waiting.retries == 0 && !waiting.isOver)
    #expect(waiting.share == nil && waiting.rate == 0)
  }

  /// The folder of a job with one task, submitted as job 5, and its state given a queue.
  private func onlyTask() throws -> (TemporaryFolder, (Slurm.Queue) -> SlurmTask) {
    let folder = try TemporaryFolder()
    let files = SlurmFolder(in: folder.path)
    try files.prepare()
    let job = SlurmJob(number: 1, name: "j", tasks: [["m"]], isArray: false, needs: [], id: "5")
    return (folder, { SlurmTask(job, 0, in: files, $0) })
  }

  @Test("Once the queue has forgotten it, a task whose job was being ended is cancelled, and did not fail")
  func forgotten() throws {
    let (folder, task) = try onlyTask()
    try folder.write("slurm/starts/01.0", text: "n1\n")
    for (left, state) in [
      ("75 cancelled\n", SlurmTask.State.cancelled), ("75\n", .failed("exit status 75")), ("x\n", .lost),
    ] {
      try folder.write("slurm/exit/01.0", text: left)
      #expect(task(Slurm.Queue(entries: [:])).state == state)
    }
    try folder.write("slurm/exit/01.0", text: "75 cancelled\n")
    #expect(task(Slurm.Queue(entries: [:])).exit == 75)
  }

  @Test("Its rate is the recent one while it runs, and the overall one when it is done")
  func rate() throws {
    let (folder, task) = try onlyTask()
    func rate(_ state: String, _ stage: String) throws -> Double {
      try folder.write(
        "slurm/status/01.0.json",
        text: """
          {"pipeline": "p", "state": "\(stage)", "started": "", "updated": "", "seconds": 9, "memory": 1, "peakMemory": 1,
          "retries": 0, "checkpoints": 0, "bottleneck": "m",
          "owner": {"boot": "b", "host": "h", "namespace": "n", "pid": 1, "start": 1, "user": "u"},
          "stages": [{"done": 1000, "goal": 0, "kind": "accumulate", "name": "m", "rows": 1000, "rowsPerSecond": 7,
          "seconds": 4, "state": "\(stage)", "unit": "rows", "waited": 0, "worked": 0}]}
          """)
      return task(Slurm.Queue(entries: ["5": .init(state: state, reason: "", node: "n1")])).rate
    }
    #expect(try rate("RUNNING", "running") == 7)
    try folder.write("slurm/exit/01.0", text: "0\n")
    #expect(try rate("COMPLETED", "done") == 250)
  }
}
