import Engine
import Foundation
import Support

/// The line that a failed allocation or a trap ends the program with.
enum FailureMessages {
  /// Says lines in a format.
  static func use(_ format: ProcessOptions.LogFormat) {
    let verb = (["collapse"] + Collapse.arguments.prefix(1).filter { $0.allSatisfy(\.isLetter) }).joined(separator: " ")
    let room =
      AddressSpace.atStart.smallest.map {
        "the process may have \(ByteCount.describe($0.bytes)) (ulimit \($0.option)); give it more, or fewer --threads"
      } ?? "the machine has no more to give; give --memory less, or free some"
    FailureHandling.say(outOfMemory: line("out of memory while “\(verb)” ran: \(room)", format)) { signal in
      line(
        "internal error (\(signal)) in “\(verb)” of release \(collapseVersion): please report it with your command line. "
          + "SWIFT_BACKTRACE=enable=yes shows where it happens", format)
    }
  }

  private static func line(_ message: String, _ format: ProcessOptions.LogFormat) -> String {
    guard format == .json else { return "collapse: \(message)\n" }
    let object: JSONValue = ["level": "critical", "message": .string(message)]
    return object.line + "\n"
  }
}
