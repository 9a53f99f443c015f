import Foundation
import Testing

@testable import Plan
@testable import Slurm
@testable import Stages
@testable import Support

@Suite("The schema of pipeline files")
struct PipelineSchemaTests {
  private let schema = PipelineSchema(standardRegistry).json

  private func keys(_ value: JSONValue?) -> [String] {
    guard case .object(let members) = value else { return [] }
    return members.map(\.key)
  }

  private func texts(_ value: JSONValue?) -> [String] {
    guard case .array(let elements) = value else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }

  @Test("It has exactly the keys that a pipeline file may have")
  func topLevel() {
    #expect(keys(schema["properties"]) == PipelineFile.keys(standardRegistry).map(\.name))
    #expect(schema["additionalProperties"] == .boolean(false))
  }

  @Test("It has every kind of stage with every option, described, and no others")
  func kinds() {
    for kind in StageKinds.all {
      let stage = schema["$defs"]?["stage-\(kind.name)"]
      #expect(keys(stage?["properties"]) == ["uses", "matrix", "slurm"] + kind.options.map(\.name), "\(kind.name)")
      #expect(texts(stage?["required"]) == ["uses"] + kind.options.filter(\.isRequired).map(\.name))
      #expect(stage?["additionalProperties"] == .boolean(false))
      for option in kind.options {
        #expect(stage?["properties"]?[option.name]?["description"] == .string(option.help), "\(option.name)")
      }
    }
    guard case .array(let branches) = schema["$defs"]?["stage"]?["allOf"] else {
      Issue.record("no branch by kind")
      return
    }
    let names = branches.map { $0["if"]?["properties"]?["uses"]?["const"] }
    #expect(names == StageKinds.all.map { .string($0.name) })
  }

  @Test("All its references resolve")
  func references() {
    var found: [String] = []
    func walk(_ value: JSONValue) {
      switch value {
      case .array(let elements): elements.forEach(walk)
      case .object(let members):
        for member in members {
          if member.key == "$ref", case .string(let target) = member.value { found.append(target) }
          walk(member.value)
        }
      default: break
      }
    }
    walk(schema)
    let names = keys(schema["$defs"]).map { "#/$defs/\($0)" }
    #expect(!found.isEmpty && found.allSatisfy(names.contains))
  }

  @Test("An option with several values is one or a list; all choices are listed")
  func values() {
    let states = schema["$defs"]?["stage-merge"]?["properties"]?["states"]
    guard case .array(let forms) = states?["anyOf"] else {
      Issue.record("no forms of states")
      return
    }
    #expect(forms.map { $0["type"] } == [["string", "number"], "array"])
    let within = schema["$defs"]?["stage-accumulate"]?["properties"]?["within"]
    guard case .array(let choices) = within?["anyOf"] else {
      Issue.record("no forms of within")
      return
    }
    #expect(texts(choices.first?["enum"]) == ["none", "pooled", "pooled-single"])
  }

  @Test("No vocabulary is larger than all token ids allow")
  func vocabulary() {
    guard case .array(let forms) = schema["$defs"]?["stage-accumulate"]?["properties"]?["vocabulary"]?["anyOf"] else {
      Issue.record("no forms of vocabulary")
      return
    }
    #expect(forms.first?["minimum"] == .integer(1) && forms.first?["maximum"] == .integer(2_147_483_647))
  }

  @Test(
    "Patterns for numbers match whole texts",
    arguments: [
      ("accumulate", "checkpoint", ["5min", "10 s", "off"], ["official", "x5", "soon now", "10"]),
      ("accumulate", "memory", ["4GiB", "1.5 GB", "1e9B"], ["x4GiB", "4GiBx", "2048"]),
      ("accumulate", "measure-every", ["1e6", "1000"], ["1e6x", "x1"]),
      ("accumulate", "threads", ["2"], ["2x", "-2"]),
    ])
  func patterns(kind: String, option: String, good: [String], bad: [String]) throws {
    guard case .array(let forms) = schema["$defs"]?["stage-\(kind)"]?["properties"]?[option]?["anyOf"] else {
      Issue.record("no forms of \(option)")
      return
    }
    let patterns = forms.compactMap { form -> String? in
      if case .string(let pattern) = form["pattern"] { pattern } else { nil }
    }
    func fits(_ text: String) -> Bool {
      patterns.contains { text.range(of: $0, options: .regularExpression) != nil }
    }
    for text in good + ["${x}"] { #expect(fits(text), "\(text)") }
    for text in bad { #expect(!fits(text), "\(text)") }
  }
}
