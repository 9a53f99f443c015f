import Engine
import Support

/// What a stage made, to be printed.
struct Printed: StageResult {
  let table: String
  let json: JSONValue
}
