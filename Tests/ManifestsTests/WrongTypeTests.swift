import Diagnostics
import Manifests
import Model
import TestSupport
import Testing

/// Every field of every kind with every other kind of node in its place: a mapping or a list where a
/// word should stand, a word or a mapping where a list should, a word or a list where fields should.
@Suite struct WrongTypes {
  @Test func areOneProblemEachAtTheirPlace() {
    var untried = Set(FieldGuide.paths.filter { $0.contains(".") })
    for seed in UInt64(0)..<400 where !untried.isEmpty {
      var random = SeededRandom(seed: seed)
      let spec = AnySpec.random(&random)
      let text = CanonicalText.manifest(spec)
      for value in WrittenValue.all(in: text, of: spec.id.kind.rawValue.lowercased())
      where untried.remove(value.path) != nil {
        for wrong in value.wrongTypes { expectOneProblem(value, wrong) }
      }
    }
    #expect(untried == [], "no object at random has these")
  }

  private func expectOneProblem(_ value: WrittenValue, _ wrong: String) {
    let text = value.replaced(by: wrong)
    let sources = Sources([SourceText(path: "it.yaml", text: text)])
    let read = ManifestReader.read(sources)
    let places = read.diagnostics.map { diagnostic -> Int in
      if case .span(let span) = diagnostic.place { span.range.lowerBound } else { -1 }
    }
    #expect(places.count == 1, "\(value.path): \(text)")
    #expect(places.allSatisfy(value.line.contains), "\(value.path): \(places) in \(text)")
    #expect(!read.value.isComplete)
  }
}

/// The value of one field as a canonical manifest writes it.
private struct WrittenValue {
  let path: String
  let wrongTypes: [String]
  /// The offsets of its key's line, once it is replaced.
  let line: ClosedRange<Int>
  private let before: String
  private let after: String

  func replaced(by wrong: String) -> String { before + " \(wrong)\n" + after }

  static func all(in text: String, of kind: String) -> [WrittenValue] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var above: [(indent: Int, name: String)] = []
    return lines.indices.compactMap { index in
      let match = lines[index].wholeMatch(of: /( *)((?:- )*)([A-Za-z]+):(?: (.+))?/)
      guard let match else { return nil }
      let (indent, name) = (match.1.count + match.2.count, String(match.3))
      while let last = above.last, last.indent >= indent { above.removeLast() }
      above.append((indent, name))
      let body = lines[(index + 1)...].prefix { line in
        let spaces = line.prefix { $0 == " " }.count
        return spaces > indent || (spaces == indent && line.dropFirst(spaces).hasPrefix("- "))
      }
      let first = match.4.map(String.init) ?? body.first.map { String($0.drop { $0 == " " }) } ?? ""
      return WrittenValue(
        path: ([kind] + above.map(\.name)).joined(separator: "."),
        isBlock: match.4 == nil, first: first,
        before: lines[..<index] + ["\(match.1)\(match.2)\(name):"],
        after: Array(lines[(index + 1 + body.count)...]))
    }
  }

  private init(
    path: String, isBlock: Bool, first: String, before: [String], after: [String]
  ) {
    self.path = path
    if first.hasPrefix(isBlock ? "- " : "[") {
      wrongTypes = ["wrong type", "{wrong: type}"]
    } else if isBlock || first.hasPrefix("{") {
      wrongTypes = ["wrong type", "[wrong]"]
    } else {
      wrongTypes = ["{wrong: type}", "[[wrong]]"]
    }
    self.before = before.joined(separator: "\n")
    self.after = after.joined(separator: "\n")
    let start = before.dropLast().reduce(0) { $0 + $1.utf8.count + 1 }
    line = start...(self.before.utf8.count + 20)
  }
}
