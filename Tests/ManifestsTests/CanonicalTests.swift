import Diagnostics
import Manifests
import Model
import TestSupport
import Testing
import YAML

@Suite struct CanonicalTexts {
  @Test func theExampleOfTheDocumentation() {
    let text = CanonicalText.manifests(DesiredState(specs(example)))
    expectSnapshot(text, "canonical-example.yaml")
    #expect(specs(text) == specs(example))
  }

  /// Reading what was written gives the same object, and writing that the same text.
  @Test(arguments: UInt64(0)..<200) func writingIsExact(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let spec = AnySpec.random(&random)
    let text = CanonicalText.manifest(spec)
    let again = specs(text)
    #expect(again == [spec], "seed \(seed)\n\(text)")
    #expect(again.first.map(CanonicalText.manifest) == text, "seed \(seed)")
  }

  /// Texts that YAML's many versions see as something else come back as they were.
  @Test(.enabled(if: Shared.isPresent)) func hostileTexts() throws {
    struct Naughty: Decodable { let strings: [String] }
    for text in try hostile() {
      var workload = WorkloadSpec(
        metadata: Metadata(name: "it"), type: .training, replicas: .range(CountRange(1)),
        resources: ReplicaResources(), image: text, command: [text, "", text])
      workload.environment = Labels([("A", text)])
      let canonical = CanonicalText.manifest(workload)
      guard !text.unicodeScalars.contains("\u{FFFE}") else { continue }
      #expect(specs(canonical) == [.workload(workload)], "\(text.debugDescription)\n\(canonical)")
    }
  }

  private func hostile() throws -> [String] {
    struct Scalars: Decodable {
      struct Row: Decodable { let `in`: String }
      let rows: [Row]
    }
    let scalars = try Shared.decode(Scalars.self, "corpora/yaml-schema-scalars.json")
    return scalars.rows.map(\.in) + [
      "", " ", "a ", " a", "a: b", "a #b", "a\nb", "\t", "\"", "\\", "'", "- a", "? a", "{a}", "[a",
      "a, b", "\u{1}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{200B}", "é", "日本", "🚀", "%a", "@a",
      "`a",
      "!a", "&a", "*a", "|", ">", "---", "...", "<<", "=", "a:", ":a", "#", "-", "--x",
      "2026-07-01",
      "12:30", "0b1", "1_000", "0x1F", "+.inf", "~", "Null", "NO", "on", "\r", "\r\n", "a\u{0}b",
      "\u{1F600}",
    ]
  }
}

/// A text field keeps the raw text of whatever stands there, quoted or not.
@Suite(.enabled(if: Shared.isPresent)) struct RawScalars {
  struct Corpus: Decodable {
    struct Row: Decodable { let `in`: String }
    let rows: [Row]
  }

  @Test func everyPlainScalarIsItsText() throws {
    let rows = try Shared.decode(Corpus.self, "corpora/yaml-schema-scalars.json").rows
    #expect(rows.count == 287)
    var kept = 0
    for row in rows {
      // A tagged scalar is refused, whatever it says.
      guard !row.in.hasPrefix("!") else { continue }
      let raw = row.in == "#empty" ? "" : row.in
      let text = manifest("Workload", "type: training\nreplicas: 1\nimage: \(raw)")
      guard case .workload(let spec)? = specs(text).first else { continue }
      #expect(spec.image == raw)
      kept += 1
    }
    #expect(kept == 102)
  }
}
