import Testing

@testable import Engine
@testable import Plan

@Suite("Process options")
struct ProcessOptionsTests {
  private func options(_ given: [String: String]) throws -> ProcessOptions {
    try ProcessOptions(
      given.mapValues { StageDescription.Option(.option("--x"), [Located($0, .option("--x"))]) }, of: "process")
  }

  @Test("Without options, nothing changes")
  func none() throws {
    let options = try options([:])
    #expect(options.nice == nil && options.ionice == nil && options.ioRate == nil && options.statusFile == nil)
    #expect(options.logInterval == .seconds(30) && options.logFormat == .text)
  }

  @Test("Each option has its values")
  func values() throws {
    let options = try options([
      "nice": "19", "ionice": "best-effort:7", "io-rate": "200MiB", "log-format": "json", "log-interval": "5",
      "status-file": "s.json",
    ])
    #expect(options.nice == 19 && options.ioRate == 200 << 20 && options.statusFile == "s.json")
    #expect(options.ionice == .bestEffort(7))
    #expect(options.logInterval == .seconds(5) && options.logFormat == .json)
  }

  @Test("Disk priorities are numbered as in ioprio_set(2)")
  func numbers() {
    #expect(ProcessPriority.InputOutput("idle")?.number == 24_576)
    #expect(ProcessPriority.InputOutput("best-effort")?.number == 16_388)
    #expect(ProcessPriority.InputOutput("best-effort:0")?.number == 16_384)
    for text in ["", "realtime", "best-effort:8", "best-effort:", "best-effort:-1", "idle:1"] {
      #expect(ProcessPriority.InputOutput(text) == nil, "\(text)")
    }
  }

  @Test(
    "An invalid value is refused with an example",
    arguments: [
      ("nice", "0"), ("nice", "20"), ("nice", "-5"), ("ionice", "realtime"), ("io-rate", "fast"), ("io-rate", "0"),
      ("log-format", "xml"), ("log-interval", "0"),
    ])
  func refused(name: String, value: String) throws {
    let error = try #require(throws: PipelineError.self) { _ = try options([name: value]) }
    #expect(error.isUsage)
    #expect("\(error)".contains("“\(value)”") && !"\(error)".contains("memory"))
  }

  @Test(
    "The error for a rate of zero, or below one byte, says that it must be above 0", arguments: ["0", "0.2", "-1MiB"])
  func rate(value: String) throws {
    let error = try #require(throws: PipelineError.self) { _ = try options(["io-rate": value]) }
    #expect("\(error)".contains("expected a positive rate in bytes per second for io-rate, found “\(value)”"))
  }
}
