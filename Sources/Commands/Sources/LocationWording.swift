import Diagnostics
import Git

extension Code {
  static let sourceInvalidLocation = Code("source", "invalid-location")
  static let sourceUnknownScheme = Code("source", "unknown-scheme")
  static let sourceSecret = Code("source", "secret")
}

/// Why a source can't be what was named, in words.
enum LocationWording {
  private static let example = "https://git.example/fleet.git@main:manifests"

  static func diagnostic(_ text: String, _ fault: GitLocation.Fault) -> Diagnostic {
    switch fault {
    case .shape:
      Diagnostic(
        .sourceInvalidLocation, "'\(text)' is no REPOSITORY@REF:PATH", at: .invocation,
        help: "such as \(example); an @ of the repository's own is written %40")
    case .ref(let ref):
      Diagnostic(
        .sourceInvalidLocation, "no branch is called '\(ref)'", at: .invocation,
        help: "name a branch, or a whole ref such as refs/tags/v1")
    case .scheme(let scheme):
      Diagnostic(
        .sourceUnknownScheme, "sources are not read over '\(scheme)'", at: .invocation,
        help: "say file://, https:// or ssh://: there the other end proves who it is; git:// is for"
          + " localhost alone")
    case .secret:
      // The text is not repeated: it goes to logs.
      Diagnostic(
        .sourceSecret, "a source's URL holds a password or a query", at: .invocation,
        help: "everybody on this machine can read it: use ssh, ~/.netrc or GIT_ASKPASS, and take"
          + " the password for known")
    }
  }
}
