import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A headless Chromium with one page, driven by its DevTools protocol over a pipe. No port is opened.
///
/// A browser that does not answer within a minute is killed, and the call throws.
package final class Browser {
  /// What the browser failed to do.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package static var isInstalled: Bool { Tool.exists("chromium") }

  /// What happened in the page, in order: methods and their parameters.
  package private(set) var events: [(method: String, parameters: [String: Any])] = []

  private let folder: TemporaryFolder
  private let process: pid_t
  private let requests: CInt
  private let answers: CInt
  private var session: String?
  private var last = 0
  private var received: [UInt8] = []

  private static let pruningCostRatio: TimeInterval = 60

  /// Starts it with an empty page of the given size.
  package init(width: Int, height: Int, dark: Bool = false) throws {
    folder = try TemporaryFolder()
    let (requestPipe, answerPipe) = (try folder.makePipe("requests"), try folder.makePipe("answers"))
    let options = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-extensions"
    process = try Tool.spawn(
      "sh",
      [
        "-c", "exec chromium \(options) --user-data-dir=\"$1\" --remote-debugging-pipe about:blank 3<\"$2\" 4>\"$3\"",
        "sh", folder.file("profile"), requestPipe, answerPipe,
      ], input: "/dev/null", output: folder.file("output"), errors: folder.file("errors"))
    // Open at both ends, so that neither side waits for the other to open.
    requests = open(requestPipe, O_RDWR | O_CLOEXEC)
    answers = open(answerPipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] as? String ?? ""
    session = try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"] as? String
    for domain in ["Page", "Runtime", "Log", "Network"] { try call("\(domain).enable") }
    try resize(width: width, height: height)
    if dark {
      try call(
        "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": "dark"]]])
    }
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    close(requests)
    close(answers)
  }

  package func resize(width: Int, height: Int) throws {
    try call(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600])
  }

  /// Opens a file and waits until it is loaded.
  package func load(_ file: String) throws {
    events = []
    try call("Page.navigate", ["url": URL(fileURLWithPath: file).absoluteString])
    let deadline = Date(timeIntervalSinceNow: Self.pruningCostRatio)
    while !events.contains(where: { $0.method == "Page.loadEventFired" }) { try take(before: deadline) }
  }

  /// The value of an expression in the page, awaited if it is a promise. Throws errors of the page.
  package func value(_ expression: String) throws -> Any? {
    let answer = try call(
      "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
    if let details = answer["exceptionDetails"] { throw Failure(description: "\(details)") }
    return (answer["result"] as? [String: Any])?["value"]
  }

  /// Calls a method of the protocol and waits for its result.
  @discardableResult
  package func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    last += 1
    var message: [String: Any] = ["id": last, "method": method, "params": parameters]
    message["sessionId"] = session
    try send(Array(JSONSerialization.data(withJSONObject: message)) + [0])
    let deadline = Date(timeIntervalSinceNow: Self.pruningCostRatio)
    while true {
      guard let answer = try take(before: deadline), answer["id"] as? Int == last else { continue }
      if let error = answer["error"] { throw Failure(description: "\(method): \(error)") }
      return answer["result"] as? [String: Any] ?? [:]
    }
  }

  private func send(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let wrote = bytes[done...].withUnsafeBytes { write(requests, $0.baseAddress, $0.count) }
      guard wrote > 0 else { throw Failure(description: "the browser takes nothing") }
      done += wrote
    }
  }

  /// The next message: an answer is returned, an event kept.
  @discardableResult
  private func take(before deadline: Date) throws -> [String: Any]? {
    while true {
      if let end = received.firstIndex(of: 0) {
        let message = try JSONSerialization.jsonObject(with: Data(received[..<end])) as? [String: Any] ?? [:]
        received.removeSubrange(...end)
        guard let method = message["method"] as? String else { return message }
        events.append((method, message["params"] as? [String: Any] ?? [:]))
        return nil
      }
      guard deadline.timeIntervalSinceNow > 0 else {
        kill(process, SIGKILL)
        let said = (try? folder.read("errors")).map { String(decoding: $0.suffix(500), as: UTF8.self) } ?? ""
        throw Failure(description: "the browser does not answer: \(said)")
      }
      var waiting = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
      poll(&waiting, 1, 100)
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let got = chunk.withUnsafeMutableBytes { read(answers, $0.baseAddress, $0.count) }
      if got > 0 { received += chunk[..<got] }
    }
  }
}
