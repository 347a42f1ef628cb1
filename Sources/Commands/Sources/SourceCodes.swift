import Diagnostics

extension Code {
  static let sourceNotFound = Code("source", "not-found")
  static let sourceNoManifests = Code("source", "no-manifests")
  static let sourceUnreadable = Code("source", "unreadable")
  static let sourceTooDeep = Code("source", "too-deep")
  static let sourceRepeatedInput = Code("source", "repeated-input")
}

/// What is wrong with the paths of a command, in words.
enum SourceWording {
  static func notFound(_ path: String, near: String?) -> Diagnostic {
    Diagnostic(
      .sourceNotFound, "there is no '\(path)'", at: .invocation,
      help: near.map { "did you mean '\($0)'?" }
        ?? "name a file, a directory, or - for standard input")
  }

  static func noManifests(_ path: String) -> Diagnostic {
    Diagnostic(
      .sourceNoManifests, "no manifests in '\(path)'", at: .path(path),
      help: "manifests are files that end in .yaml or .yml; to delete objects, say"
        + " 'setpoint delete KIND/NAME'")
  }

  static func unreadable(_ path: String, _ detail: String) -> Diagnostic {
    Diagnostic(
      .sourceUnreadable, "'\(path)' can't be read: \(detail)", at: .path(path),
      help: "what can't be read is unknown, so nothing is planned without it")
  }

  static func tooDeep(_ path: String, depthMax: Int) -> Diagnostic {
    Diagnostic(
      .sourceTooDeep, "'\(path)' lies more than \(depthMax) directories deep", at: .path(path),
      help: "name the directories to be read themselves")
  }

  static func repeatedInput() -> Diagnostic {
    Diagnostic(
      .sourceRepeatedInput, "standard input is named twice", at: .invocation,
      help: "name - once")
  }
}
