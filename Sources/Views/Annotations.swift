public import Diagnostics
import Digests
import JSON
import Model
import Planning

/// Something that a forge shows beside a line of a change.
public struct Annotation: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable { case error, warning }

  public var severity: Severity
  /// A diagnostic's code, or `gate/` with the gate's name.
  public var code: String
  public var message: String
  /// From the top of the repository; nil for what stands in no file.
  public var path: String?
  public var line: Int?
  public var column: Int?

  public init(
    _ severity: Severity, code: String, message: String, path: String? = nil, line: Int? = nil,
    column: Int? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.path = path
    self.line = line
    self.column = column
  }
}

/// Annotations in the forms that forges read.
public struct Annotations: Sendable {
  public let items: [Annotation]

  public init(_ items: [Annotation]) { self.items = items }

  /// Of diagnostics, in their order.
  public init(_ diagnostics: [Diagnostic], _ sources: Sources) {
    items = Diagnostic.ordered(diagnostics).map { Annotation($0, sources) }
  }

  /// Of gates that are broken: at the gate, with the change's summary.
  public init(_ review: Review) {
    items = review.comparison.gates.filter(\.outcome.isBroken).map { gate in
      Annotation(gate, in: review)
    }
  }

  /// Workflow commands, one a line: `::error file=a.yaml,line=3,col=5,title=…::…`.
  public var github: String {
    items.map { item in
      var properties: [String] = []
      if let path = item.path { properties.append("file=\(Self.property(path))") }
      if let line = item.line { properties.append("line=\(line)") }
      if let column = item.column { properties.append("col=\(column)") }
      properties.append("title=\(Self.property("setpoint \(item.code)"))")
      return "::\(item.severity.rawValue) \(properties.joined(separator: ","))::"
        + "\(Self.data(item.message))\n"
    }.joined()
  }

  /// A Code Quality report: a JSON array that GitLab compares by its fingerprints.
  public var gitlab: String {
    var writer = JSONWriter()
    writer.array(items) { writer, item in
      writer.object { writer in
        writer.member("description", Visible.line(item.message))
        writer.member("check_name", item.code)
        writer.member("fingerprint", item.fingerprint)
        writer.member("severity", item.severity == .error ? "critical" : "minor")
        writer.member("location") { writer in
          writer.object { writer in
            // GitLab refuses a report in which anything has no place.
            writer.member("path", item.path ?? "setpoint.yaml")
            writer.member("lines") { $0.object { $0.member("begin", item.line ?? 1) } }
          }
        }
      }
    }
    return writer.text + "\n"
  }

  /// A line end would begin another command.
  private static func data(_ text: String) -> String {
    Visible.line(text).replacing("%", with: "%25")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}

extension Annotation {
  init(_ diagnostic: Diagnostic, _ sources: Sources) {
    let severity: Severity =
      switch diagnostic.severity {
      case .error: .error
      case .warning: .warning
      }
    let help = diagnostic.help.map { " (\($0))" } ?? ""
    self.init(severity, code: "\(diagnostic.code)", message: diagnostic.message + help)
    switch diagnostic.place {
    case .invocation: break
    case .path(let path): self.path = path
    case .span(let span):
      let position = LineIndex(sources[span.source]).position(of: span.range.lowerBound)
      path = sources[span.source].path
      line = position.line
      column = position.column
    }
  }

  /// What was broken before is worth knowing and no fault of the change.
  init(_ gate: ComparedGate, in review: Review) {
    let outcome = gate.outcome
    let findings = outcome.findings.prefix(3).joined(separator: "; ")
    self.init(
      gate.isBrokenByChange ? .error : .warning, code: "gate/\(outcome.gate)",
      message: "gate '\(outcome.gate)' is \(GateWords.verdict(gate)): it"
        + " \(Gates.text(outcome.rule)): \(findings)")
    let place = review.places[.init(.gate, outcome.gate.text)]
    path = place?.path
    line = place?.line
    column = place?.column
  }

  /// The same for the same finding wherever the lines above it move it to.
  fileprivate var fingerprint: String { Digest(of: "\(code)\n\(path ?? "")\n\(message)").hex }
}
