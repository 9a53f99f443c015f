import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Stages between a stream and its consumer: results have the bytes of those from a file with the same
/// samples.
@Suite("Filtering and relabelling")
struct TransformTests {
  private let folder: TemporaryFolder
  private var samples: Samples { Self.samples }

  /// Labels and rows of 2 features, more than two blocks of 32 768 rows. Made once for all tests.
  private static let samples: Samples = {
    var generator = SeededGenerator(3)
    return (0..<90_000).map { _ in
      let label = Int32.random(in: 0..<300, using: &generator)
      let row = (0..<2).map { _ in Float(label % 17) + Float(generator.normal()) }
      return (label, Int32.random(in: 0..<300, using: &generator), row)
    }
  }()

  init() throws { folder = try TemporaryFolder() }

  private typealias Samples = [(label: Int32, prediction: Int32, row: [Float])]

  /// A stream in batches of `rows`, with the model's predictions.
  @discardableResult
  private func write(
    _ name: String, _ samples: some RandomAccessCollection<(label: Int32, prediction: Int32, row: [Float])>,
    rows: Int = 7_001
  )
    throws -> String
  {
    var bytes: [UInt8] = []
    var rest = Array(samples)[...]
    while !rest.isEmpty {
      let batch = rest.prefix(rows)
      bytes += NPY.labels(batch.map(\.label)) + NPY.labels(batch.map(\.prediction))
      bytes += NPY.features("<f4", batch.flatMap(\.row), dimension: 2)
      rest = rest.dropFirst(rows)
    }
    return try folder.write(name, bytes)
  }

  /// Runs a pipeline with the output folder `out`.
  private func run(_ stages: String, input: [UInt8]? = nil, _ options: String...) throws -> Tool.Result {
    let file = try folder.write(
      "p.yaml", text: "parameters: { out: \"\(folder.file("out"))\" }\nstages:\n\(stages)\n")
    return try Tool.run(Places.tool, ["run", file] + options, input: input)
  }

  /// The state of a file with these samples.
  private func state(of samples: Samples) throws -> [UInt8] {
    let file = try write("byhand.npy", samples, rows: 10_000)
    let result = try Tool.collapse("accumulate", file, "--within", "pooled", "--output", folder.file("byhand.h5"))
    #expect(result.status == 0, "\(result.errors)")
    return try folder.read("byhand.h5")
  }

  @Test(
    "Results from filtered samples have the bytes of those from a file with these samples, over two files and many blocks"
  )
  func filter() throws {
    try write("a.npy", samples[..<50_000])
    try write("b.npy", samples[50_000...], rows: 333)
    try folder.write("list.txt", text: "250 # more\n251\n")
    let result = try run(
      """
        train: { uses: read, files: ["\(folder.file("a.npy"))", "\(folder.file("b.npy"))"] }
        some: { uses: filter, from: train, tokens: [0-199, 222, "\(folder.file("list.txt"))"], drop: [5, 10-19], first: 40000 }
        m: { uses: accumulate, from: some, within: pooled }
        rare: { uses: filter, from: train, tokens: 222 }
        few: { uses: accumulate, from: rare, within: pooled }
        all: { uses: accumulate, from: train, within: pooled }
      """)
    #expect(result.status == 0, "\(result.errors)")
    let tokens = Set<Int32>(0...199).union([222, 250, 251]).subtracting([5]).subtracting(10...19)
    #expect(
      try folder.read("out/m.h5") == state(of: Array(samples.filter { tokens.contains($0.label) }.prefix(40_000))))
    #expect(try folder.read("out/few.h5") == state(of: samples.filter { $0.label == 222 }))
    #expect(try folder.read("out/all.h5") == state(of: samples))
  }

  @Test(
    "Classes of tokens: those in the file, with the others or without, after a filter, from a pipe that is read once"
  )
  func relabel() throws {
    let classes = (0..<150).map { "\($0),\($0 / 10)" }.joined(separator: "\n")
    try folder.write("classes.csv", text: "token,class # tens\n" + classes)
    let stream = try folder.read(
      (write("a.npy", samples) as NSString).lastPathComponent)
    let result = try run(
      """
        even: { uses: filter, from: train, drop: 0-99 }
        kept: { uses: relabel, from: train, classes: "\(folder.file("classes.csv"))" }
        dropped: { uses: relabel, from: even, classes: "\(folder.file("classes.csv"))", others: drop }
        m: { uses: accumulate, from: kept, within: pooled }
        n: { uses: accumulate, from: dropped, within: pooled }
        train: { uses: read, files: "-" }
      """, input: stream)
    #expect(result.status == 0, "\(result.errors)")
    let all = samples.map { ($0.label < 150 ? $0.label / 10 : $0.label, $0.prediction, $0.row) }
    let some = samples.filter { (100..<150).contains($0.label) }.map { ($0.label / 10, $0.prediction, $0.row) }
    #expect(try folder.read("out/m.h5") == state(of: all))
    #expect(try folder.read("out/n.h5") == state(of: some))
  }

  @Test("Predictions of the stream stay with their samples, under the classes of their tokens")
  func predictions() throws {
    let stream = try write("a.npy", samples)
    let map = { (token: Int32) in token < 150 ? token / 10 : token }
    let byHand = try write(
      "byhand.npy",
      samples.filter { $0.label != 7 }.map { (label: map($0.label), prediction: map($0.prediction), row: $0.row) })
    try folder.write("classes.csv", text: (0..<150).map { "\($0)\t\($0 / 10)" }.joined(separator: "\n"))
    let result = try run(
      """
        train: { uses: read, files: "\(stream)" }
        some: { uses: filter, from: train, drop: 7 }
        classes: { uses: relabel, from: some, classes: "\(folder.file("classes.csv"))" }
        again: { uses: read, files: "\(stream)" }
        rest: { uses: filter, from: again, drop: 7 }
        moved: { uses: relabel, from: rest, classes: "\(folder.file("classes.csv"))" }
        m: { uses: accumulate, from: classes }
        d: { uses: decide, from: moved, moments: m }
      """)
    #expect(result.status == 0, "\(result.errors)")
    let decided = try Tool.collapse(
      "decide", byHand, "--moments", folder.file("out/m.h5"), "--output", folder.file("byhand.h5"))
    #expect(decided.status == 0, "\(decided.errors)")
    #expect(try folder.read("out/d.h5") == folder.read("byhand.h5"))
  }

  @Test("Special tokens are those that the tokenizer marks")
  func special() throws {
    let stream = try write("a.npy", samples.prefix(3_000))
    try folder.write(
      "tokenizer.json",
      text: """
        {"model": {"vocab": {"a": 0, "b": 1}}, "added_tokens": [{"id": 3, "content": "<s>", "special": true},
        {"id": 4, "content": "<x>", "special": false}]}
        """)
    let result = try run(
      """
        train: { uses: read, files: "\(stream)" }
        some: { uses: filter, from: train, drop-special: true, tokenizer: "\(folder.file("tokenizer.json"))" }
        m: { uses: accumulate, from: some, within: pooled }
      """)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.read("out/m.h5") == state(of: samples.prefix(3_000).filter { $0.label != 3 }))
  }

  @Test("A run interrupted inside packed blocks resumes, and ends with the same bytes")
  func resumed() throws {
    try write("once.npy", samples, rows: 65_536)
    let once = try folder.read("once.npy")
    let stream = try folder.write("a.npy", Array(repeating: once, count: 12).flatMap { $0 })
    let stages = """
        train: { uses: read, files: "\(stream)", threads: 1 }
        some: { uses: filter, from: train, drop: 0-150, first: 500000 }
        m: { uses: accumulate, from: some, within: pooled, checkpoint: 0.1s, threads: 1 }
        all: { uses: accumulate, from: train, within: pooled, checkpoint: 0.3s, threads: 1 }
      """
    #expect(try run(stages).status == 0)
    let (whole, all) = (try folder.read("out/m.h5"), try folder.read("out/all.h5"))
    var resumed = false
    var random = SeededGenerator(5)
    let arguments = ["run", folder.file("p.yaml"), "--restart"]
    // A busy machine may not reach a checkpoint in the first rounds: each waits a little longer.
    for round in 0..<24 where round < 6 || !resumed {
      for name in ["m.h5", "all.h5"] { try? FileManager.default.removeItem(atPath: folder.file("out/" + name)) }
      let process = try Tool.spawn(
        Places.tool, round == 0 ? arguments : arguments.dropLast(), input: "/dev/null",
        output: folder.file("o\(round)"),
        errors: folder.file("e\(round)"))
      usleep(UInt32.random(in: 150_000..<700_000, using: &random) * UInt32(1 + round / 6))
      kill(process, round % 2 == 0 ? SIGTERM : SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
      if try String(decoding: folder.read("e\(round)"), as: UTF8.self).contains("resuming from") { resumed = true }
    }
    let last = try run(stages)
    #expect(last.status == 0, "\(last.errors)")
    #expect(resumed || last.errors.contains("resuming from"))
    #expect(try folder.read("out/m.h5") == whole)
    #expect(try folder.read("out/all.h5") == all)
  }

  @Test("Options of a transform, and the content of its files, decide whether an artefact is made again")
  func freshness() throws {
    let stream = try write("a.npy", samples.prefix(500))
    let list = try folder.write("list.txt", text: "1\n2\n")
    func made(_ filter: String) throws -> Bool {
      let result = try run(
        """
          train: { uses: read, files: "\(stream)" }
          some: { uses: filter, from: train, \(filter) }
          m: { uses: accumulate, from: some }
        """)
      #expect(result.status == 0, "\(result.errors)")
      return !result.errors.contains("not made again")
    }
    #expect(try made("tokens: [\"\(list)\", 7]"))
    #expect(try !made("tokens: [\"\(list)\", 7]"))
    #expect(try made("tokens: [\"\(list)\", 8]"))
    try folder.write("list.txt", text: "1\n3\n")
    #expect(try made("tokens: [\"\(list)\", 8]"))
    #expect(try !made("tokens: [\"\(list)\", 8]"))
  }

  @Test("Errors name the row of the file, whatever was left out before it; an empty stream is an error")
  func errors() throws {
    let stream = try write("a.npy", samples.prefix(500))
    func run(_ filter: String, _ accumulate: String = "") throws -> Tool.Result {
      try self.run(
        """
          train: { uses: read, files: "\(stream)" }
          some: { uses: filter, from: train, \(filter) }
          m: { uses: accumulate, from: some\(accumulate) }
        """)
    }
    let row = try #require(samples.firstIndex { $0.label > 250 && $0.label % 2 == 0 && $0.label != 256 })
    let dropped = ([256] + (0..<150).map { 2 * $0 + 1 }).map { "\($0)" }.joined(separator: ", ")
    let vocabulary = try run("drop: [\(dropped)]", ", vocabulary: 251")
    #expect(vocabulary.status == 65)
    #expect(vocabulary.errors.contains("a.npy, row \(row): expected a label below 251"), "\(vocabulary.errors)")
    let none = try run("tokens: 1000")
    #expect(none.status == 65)
    #expect(none.errors.contains("expected at least one sample passed on by some"), "\(none.errors)")
    #expect(try run("tokens: 5-3").status == 65)
    #expect(try run("drop-special: true").errors.contains("drop-special needs tokenizer"))
  }

  @Test("A stream without a consumer, and one that forms a cycle, are named")
  func graph() throws {
    let stream = try write("a.npy", samples.prefix(5))
    let unused = try run(
      "  train: { uses: read, files: \"\(stream)\" }\n  some: { uses: filter, from: train, drop: 1 }")
    #expect(unused.status == 65)
    #expect(unused.errors.contains("“some” makes a stream that no stage takes"), "\(unused.errors)")
    #expect(!unused.errors.contains("“train”"), "\(unused.errors)")
    let circle = try run(
      """
        one: { uses: filter, from: two, drop: 1 }
        two: { uses: filter, from: one, drop: 2 }
        m: { uses: accumulate, from: two }
      """)
    #expect(circle.status == 65)
    #expect(circle.errors.contains("a cycle of stages that wait for each other"), "\(circle.errors)")
  }

  @Test("A dry run says what passes the filters, and writes nothing")
  func dryRun() throws {
    let stream = try write("a.npy", samples.prefix(5))
    let result = try run(
      """
        m: { uses: accumulate, from: some }
        some: { uses: filter, from: train, drop: 1 }
        train: { uses: read, files: "\(stream)" }
      """, "--dry-run")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text.contains("1. some (filter)\n    why     taken by m\n    from    train\n"), "\(result.text)")
    #expect(try folder.names == ["a.npy", "p.yaml"])
  }
}
