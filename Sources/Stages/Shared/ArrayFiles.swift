import Plan
import Storage
import Support

/// Arrays in files: a file name or pattern and, after `#`, a name inside the file.
enum ArrayFiles {
  /// Expands patterns, as ``InputFiles`` does.
  static func expand(_ arguments: [String]) throws -> [String] {
    try arguments.flatMap { argument in
      let reference = TensorReference(argument)
      let files = try InputFiles.expand([reference.file])
      return files.map { file in reference.tensor.map { "\(file)#\($0)" } ?? file }
    }
  }

  /// Checks that the files exist and that there is one per input.
  ///
  /// - Parameters:
  ///   - what: the inputs, in words.
  ///   - isOneEnough: whether one file may serve all inputs.
  static func check(
    _ values: [Located<String>], inputs: Int?, of what: String = "input(s)", isOneEnough: Bool = false,
    _ problems: inout [Problem]
  ) {
    var count = 0
    for value in values {
      do {
        count += try expand([value.value]).count
      } catch let error as any DiagnosedError {
        problems.append(Problem(value.place, error))
        return
      } catch {}
    }
    if let place = values.first?.place, let inputs, count != inputs, count != 1 || !isOneEnough {
      problems.append(
        place,
        "expected one file for each of \(inputs) \(what)\(isOneEnough && inputs > 1 ? ", or one for all" : ""), found \(count)",
        advice: "give one file for each, in the same order")
    }
  }
}
