import Diagnostics
import YAML

/// A text that holds one document, of one kind, which declares no object.
struct OneDocument<Value: Sendable> {
  let table: Table<Value>
  /// As its `kind` says.
  let kind: String
  /// Of another number of documents.
  let code: Code
  /// What is wrong between members that are right on their own.
  let check: (Value, Origin) -> [Diagnostic]

  /// Nil, and one diagnostic at least, where the text can't be taken as it stands.
  func read<Content>(
    _ source: SourceText, as content: (Value, Origin) -> Content
  ) -> Diagnosed<Content?> {
    let file = YAMLReader.read(source, id: SourceID(index: 0))
    guard !file.hasErrors else { return Diagnosed(nil, file.diagnostics) }
    guard file.value.documents.count == 1, let root = file.value.documents.first?.root else {
      return Diagnosed(nil, file.diagnostics + [notOne(source.path, file.value.documents.count)])
    }
    var reading = Reading()
    var value = table.blank
    table.read(root, into: &value, &reading)
    let diagnostics = file.diagnostics + reading.diagnostics
    guard reading.diagnostics.isEmpty else { return Diagnosed(nil, diagnostics) }
    let origin = Origin(root: root)
    let problems = check(value, origin)
    return Diagnosed(problems.isEmpty ? content(value, origin) : nil, diagnostics + problems)
  }

  private func notOne(_ path: String, _ count: Int) -> Diagnostic {
    let noun = kind.lowercased()
    return Diagnostic(
      code, count == 0 ? "no \(noun) is in this file" : "\(count) documents, expected one",
      at: .path(path),
      help: "write one document with 'kind: \(kind)'; 'setpoint schema \(noun)' prints its schema")
  }
}
