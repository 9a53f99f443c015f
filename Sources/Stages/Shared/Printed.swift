import Engine
import Support

/// A stage's result, to be printed.
struct Printed: StageResult {
  let table: String
  let json: JSONValue
}
