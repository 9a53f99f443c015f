import Storage
import Support

extension [Problem] {
  /// Adds a problem for each input name that is missing, or whose pattern matches no file.
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
