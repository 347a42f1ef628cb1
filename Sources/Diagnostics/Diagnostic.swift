/// What is wrong with the user's input: facts only. `DiagnosticRenderer` turns it into text.
///
/// A diagnostic says what was found, what was expected, where, and one way out (`help`).
public struct Diagnostic: Hashable, Sendable {
  public enum Severity: String, Hashable, Sendable { case error, warning }

  public let code: Code
  public let severity: Severity
  /// One line, lower case, no full stop; literals stand in 'quotes'.
  public let message: String
  /// Where it is. A problem of a whole file or directory has a path and no span.
  public let place: Place
  /// Other places that matter, such as the first of two definitions, each with a short text.
  public let notes: [Note]
  /// One way out, such as the nearest known name.
  public let help: String?

  public enum Place: Hashable, Sendable {
    case span(Span)
    case path(String)
    /// The command line or the environment.
    case invocation
  }

  public struct Note: Hashable, Sendable {
    public let span: Span
    public let text: String

    public init(span: Span, text: String) {
      self.span = span
      self.text = text
    }
  }

  /// Whether the line that it is about must not be shown: it may hold a secret.
  public var hidesSource = false

  public init(
    _ code: Code, _ message: String, at place: Place, notes: [Note] = [], help: String? = nil,
    severity: Severity = .error
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.place = place
    self.notes = notes
    self.help = help
  }
}

/// A stable name of one kind of problem, `area/what`.
///
/// The codes of an area are declared beside the code that reports them, as static members in an
/// extension. The registry of all of them is the list of their pages, `DiagnosticPage.all`.
public struct Code: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let area: String
  public let what: String

  public init(_ area: String, _ what: String) {
    self.area = area
    self.what = what
  }

  public var description: String { "\(area)/\(what)" }

  public static func < (left: Code, right: Code) -> Bool { left.description < right.description }
}

/// As much of a value as could be understood, with everything that was wrong on the way.
public struct Diagnosed<Value> {
  public var value: Value
  public var diagnostics: [Diagnostic]

  public init(_ value: Value, _ diagnostics: [Diagnostic] = []) {
    self.value = value
    self.diagnostics = diagnostics
  }

  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

extension Diagnosed: Sendable where Value: Sendable {}
extension Diagnosed: Equatable where Value: Equatable {}
