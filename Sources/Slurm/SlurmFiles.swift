import Engine
import Stages
import Storage

/// The files of a pipeline's jobs, and how the program knows its own.
enum SlurmFiles {
  static let own = [
    OwnFile.json { $0["collapsePlan"]?.double != nil },
    OwnFile.json { json in
      guard case .string? = json["id"], case .string? = json["pipeline"], case .array? = json["jobs"] else {
        return false
      }
      return true
    },
    OwnFile { isScript($0.start) },
    // A list of stages has no mark; the script beside it has.
    OwnFile { file in
      file.path.hasSuffix(".tasks")
        && (try? Files.contents(of: file.path.dropLast(5) + "sh")).map { isScript(Array($0)) } == true
    },
  ]

  private static func isScript(_ start: [UInt8]) -> Bool {
    let text = String(decoding: start, as: UTF8.self)
    return text.hasPrefix("#!/bin/bash\n") && text.contains("#SBATCH --comment=collapse-")
  }
}

/// The kinds of all files that the program writes. Outputs replace no others, unless the user says so.
package let standardOutputs = StageKinds.all.flatMap { $0.writes } + EngineFiles.own + SlurmFiles.own
