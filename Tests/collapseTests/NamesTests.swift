import Foundation
import TestSupport
import Testing

/// Promise: what is named is taken, or refused by name.
@Suite("Names of files")
struct NamesTests {
  private static let stream = Places.sample + "/validation.npy.zst"

  /// Runs a script with the tool as `$T`, the sample stream as `$S` and a byte that is not UTF-8 as `$B`.
  private func run(_ script: String, in folder: TemporaryFolder, home: String = "/nonexistent") throws -> Tool.Result {
    try Tool.run(
      "/bin/sh", ["-c", "set -e; B=$(printf '\\351'); " + script], folder: folder.path,
      environment: ["T": Places.tool, "S": Self.stream, "HOME": home, "LC_ALL": "C"])
  }

  private func samples(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter { $0.contains("\"samples\"") }
  }

  @Test("Names that are not UTF-8 work as inputs, outputs, folders and working folder, and are readable in messages")
  func bytes() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      """
      mkdir "d$B"; cp "$S" "d$B/a$B.npy.zst"; cp "$S" "d$B/b.npy.zst"
      "$T" accumulate "d$B/*.npy.zst" -o "d$B/o$B.h5"
      "$T" accumulate "d$B/a$B.npy.zst" -o one.h5
      cd "d$B"
      "$T" accumulate '*.npy.zst' -o two.h5
      cmp two.h5 "o$B.h5"
      for state in "o$B.h5" ../one.h5; do "$T" inspect --format json "$state"; done
      "$T" inspect --format table "o$B.h5"
      test "$(ls -A | wc -l)" = 4
      """, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.text.contains("o\\xE9.h5") && result.errors.contains("wrote d\\xE9/o\\xE9.h5"), "\(result.text)")
    let counts = samples(result.text).compactMap { Int($0.filter(\.isNumber)) }
    #expect(counts.count == 2 && counts[0] == 2 * counts[1], "\(result.text)")
    let missing = try run("\"$T\" accumulate \"d$B/none$B.npy\" -o x.h5", in: folder)
    #expect(
      missing.status == 65 && missing.errors.contains("d\\xE9/none\\xE9.npy: expected a file"), "\(missing.errors)")
  }

  @Test("A pipeline takes them from --set and from patterns, and its records find them again")
  func pipeline() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      """
      mkdir "d$B"; cp "$S" "d$B/a$B.npy.zst"
      cat > p.yaml <<'END'
      name: p
      parameters: { d: d, out: "${d}/out" }
      stages:
        s: { uses: read, files: "${d}/a?.npy.zst" }
        m: { uses: accumulate, from: s }
        g: { uses: measure, moments: m, output: "${d}/g.json" }
      END
      "$T" validate p.yaml --set "d=d$B"
      "$T" run p.yaml --set "d=d$B" --allow-outputs; "$T" run p.yaml --set "d=d$B" --allow-outputs; "$T" status --format table "d$B/out"
      test -s "d$B/g.json"; test "$(ls -A "d$B")" = "$(printf '.collapse\\na\\351.npy.zst\\ng.json\\nout')"
      """, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("up to date") || result.errors.contains("unchanged"), "\(result.errors)")
    let cluster = try run("\"$T\" run p.yaml --set \"d=d$B\" --executor slurm --dry-run", in: folder)
    #expect(cluster.status == 64 && cluster.errors.contains("in UTF-8"), "\(cluster.errors)")
  }

  @Test("A ~ means home in options, pipeline files and parameters alike; a $ is literal, and no folder is made for it")
  func home() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      """
      mkdir home; cp "$S" home/s.npy.zst
      "$T" accumulate '~/*.zst' --output=~/a.h5
      "$T" inspect '~/a.h5' > /dev/null
      cat > p.yaml <<'END'
      name: p
      parameters: { out: ~/out, data: "~" }
      stages:
        s: { uses: read, files: "${data}/*.zst" }
        m: { uses: accumulate, from: s, output: ~/m.h5 }
        g: { uses: measure, moments: m }
        h: { uses: measure, moments: ~/a.h5 }
      END
      "$T" run '~/../p.yaml' --allow-outputs > /dev/null; "$T" status ~/out > /dev/null
      test "$(ls -A home)" = "$(printf '.collapse\\na.h5\\nm.h5\\nout\\ns.npy.zst')"
      """, in: folder, home: folder.file("home"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.names == ["home", "p.yaml"])
    for (arguments, words) in [
      ("validate q.yaml", "p: q.yaml"), ("run q.yaml", "$SCRATCH is literal"),
      ("accumulate \"$S\" -o '$SCRATCH/m.h5'", "$SCRATCH is literal"),
      ("accumulate '${DATA}/*.npy' -o m.h5", "${DATA} is literal"),
      ("run r.yaml", "--set HOME=\"$HOME\""),
    ] {
      let refused = try run(
        """
        printf 'parameters: { out: "$SCRATCH/x" }\nstages:\n  s: { uses: read, files: "%s" }\n' "$S" > q.yaml
        printf '  m: { uses: accumulate, from: s }\n' >> q.yaml; sed 's/.SCRATCH/${HOME}/' q.yaml > r.yaml
        "$T" \(arguments)
        """, in: folder)
      #expect(refused.status > 0, "\(arguments)")
      #expect(words.hasPrefix("p: ") || refused.errors.contains(words), "\(arguments): \(refused.errors)")
    }
    #expect(try folder.names == ["home", "p.yaml", "q.yaml", "r.yaml"])
  }

  @Test("A # in a path is part of it where the file exists")
  func hash() throws {
    let folder = try TemporaryFolder()
    let result = try run(
      """
      mkdir 'exp#3'; cp "$S" 'exp#3/s.npy.zst'; "$T" accumulate 'exp#3/s.npy.zst' -o 'exp#3/m.h5'
      """, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    try folder.write("exp#3/W.npy", NPY.array("<f4", [2, 1], [UInt8](repeating: 0, count: 8)))
    // Read, and found to be of the wrong shape.
    for name in ["exp#3/W.npy", "exp#3/no.npy"] {
      let head = try run("\"$T\" measure 'exp#3/m.h5' --classifier '\(name)'", in: folder)
      #expect(head.status == 65 && head.errors.contains("\(name): "), "\(head.errors)")
    }
  }
}
