import Diagnostics
import Manifests
import Model
import TestSupport
import Testing

/// A problem that a text must have: the mark that stands before it, its code, and its help if that
/// matters.
typealias Expected = (mark: String, code: Code, help: String?)

func problem(_ mark: String, _ code: Code, help: String? = nil) -> Expected { (mark, code, help) }

/// Reads and resolves one marked text, and expects exactly these problems at these places.
func check(
  _ marked: String, beside stored: DesiredState = .empty, has expected: [Expected],
  at location: SourceLocation = #_sourceLocation
) {
  let given = MarkedText(marked)
  let sources = Sources([SourceText(path: "given.yaml", text: given.text)])
  let read = ManifestReader.read(sources)
  let found = read.diagnostics + References.resolve(read.value, beside: stored).diagnostics
  let text = DiagnosticRenderer(sources: sources).render(found)
  #expect(
    Set(found.map(place)) == Set(expected.map { "\($0.code)@\(given.offset($0.mark))" }),
    "\(text)", sourceLocation: location)
  #expect(found.count == expected.count, "\(text)", sourceLocation: location)
  for (_, code, help) in expected where help != nil {
    #expect(
      found.contains { $0.code == code && $0.help == help }, "\(text)", sourceLocation: location)
  }
  #expect(
    read.value.isComplete == !read.diagnostics.contains { $0.severity == .error },
    sourceLocation: location)
}

private func place(_ diagnostic: Diagnostic) -> String {
  switch diagnostic.place {
  case .span(let span): "\(diagnostic.code)@\(span.range.lowerBound)"
  case .path, .invocation: "\(diagnostic.code)@-1"
  }
}

/// A workload, whose other fields are right, with these lines in its spec.
func workload(_ lines: String) -> String {
  manifest("Workload", lines)
}

/// A manifest with these lines in its spec.
func manifest(_ kind: String, name: String = "it", _ lines: String) -> String {
  let spec = lines.split(separator: "\n", omittingEmptySubsequences: false)
    .map { "  " + $0 }.joined(separator: "\n")
  return """
    apiVersion: setpoint/v1
    kind: \(kind)
    metadata: {name: \(name)}
    spec:
    \(spec)

    """
}

/// The specs of a text that has no mistakes.
func specs(_ text: String, at location: SourceLocation = #_sourceLocation) -> [AnySpec] {
  let sources = Sources([SourceText(path: "given.yaml", text: text)])
  let read = ManifestReader.read(sources)
  #expect(
    read.diagnostics.isEmpty, "\(DiagnosticRenderer(sources: sources).render(read.diagnostics))",
    sourceLocation: location)
  return read.value.manifests.map(\.spec)
}
