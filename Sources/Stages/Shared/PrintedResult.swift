import Engine
import Support

/// A stage's result, to be printed.
struct PrintedResult: StageResult {
  let table: String
  let json: JSONValue
}
