import Storage
import Support

extension [Problem] {
  /// Adds what is wrong with the names of files to read: that there is none, or no match of a pattern.
  package mutating func append(missing files: [Located<String>]) {
    for file in files {
      do {
        _ = try InputFiles.expand([file.value])
      } catch let error as any DiagnosedError {
        append(Problem(file.place, error))
      } catch {}
    }
  }
}
