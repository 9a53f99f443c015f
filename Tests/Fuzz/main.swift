import CFuzzer
import Foundation

// fuzz TARGET [arguments of libFuzzer]: `.ci/fuzz` builds and calls it.
let name = CommandLine.arguments.dropFirst().first ?? ""
guard let target = FuzzTarget(rawValue: name) else {
  let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
  FileHandle.standardError.write(Data("usage: fuzz TARGET [arguments of libFuzzer]; targets: \(names)\n".utf8))
  exit(64)
}
FuzzTarget.current = target
var count = CommandLine.argc - 1
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
exit(
  LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
    FuzzTarget.current.run(UnsafeBufferPointer(start: bytes, count: count))
    return 0
  })
