/// How text is laid out for its reader. Colour only repeats what the words say already.
public struct Style: Hashable, Sendable {
  /// Columns that lines should keep to, at least 40.
  public var width: Int
  public var isColoured: Bool
  /// Whether everything is written out: each replica, each node.
  public var isVerbose: Bool
  /// Whether the reader's window breaks lines that are wider, wherever that may be. Then they are broken
  /// between words instead; elsewhere what programs look for stays in one line.
  public var isWindow: Bool

  public init(
    width: Int = 100, isColoured: Bool = false, isVerbose: Bool = false, isWindow: Bool = false
  ) {
    self.isWindow = isWindow
    self.width = max(width, 40)
    self.isColoured = isColoured
    self.isVerbose = isVerbose
  }

  func paint(_ text: String, _ ink: Ink) -> String {
    guard isColoured, !text.isEmpty, let code = ink.code else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  func heading(_ text: String) -> String { paint(text, .heading) }

  /// The one line that ends a view.
  func lastLine(_ text: String) -> [String] {
    (isWindow ? wrapped(text, width: width) : [text]).map(heading)
  }
}

/// What a colour stands for.
enum Ink: Hashable, Sendable {
  case plain, heading, added, removed, changed, moved, quiet, warning

  fileprivate var code: String? {
    switch self {
    case .plain: nil
    case .heading: "1"
    case .added: "32"
    case .removed, .warning: "31"
    case .changed: "33"
    case .moved: "36"
    case .quiet: "2"
    }
  }
}

/// Terraform's symbols.
enum Symbol: String, Hashable, Sendable {
  case create = "+"
  case delete = "-"
  case update = "~"
  case replace = "-/+"
  case move = ">"
  case pending = "?"
  case preempt = "!"

  var ink: Ink {
    switch self {
    case .create: .added
    case .delete, .preempt: .removed
    case .update, .replace, .pending: .changed
    case .move: .moved
    }
  }
}
