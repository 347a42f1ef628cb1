/// Where manifests are kept: `REPOSITORY@REF:PATH`, such as
/// `https://git.example/fleet.git@main:manifests`.
///
/// The repository is a URL of one of the schemes in `Scheme`, with `git+` before it or not; an `@`
/// of its own path is written `%40`. REF is a branch, or a whole name such as `refs/tags/v1`. Without
/// PATH it is all of the tree.
public struct GitLocation: Hashable, Sendable, CustomStringConvertible {
  /// Those whose other end proves who it is, and this machine: `git` is for a daemon on it, and no
  /// other, since on any way further out anybody could change what is read.
  public enum Scheme: String, CaseIterable, Hashable, Sendable { case file, https, ssh, git }

  public enum Fault: Error, Hashable, Sendable {
    /// Not `REPOSITORY@REF:PATH`.
    case shape
    case scheme(String)
    /// A password, or a query that could hold one: both would stand in lists of processes.
    case secret
    /// No name of a branch, and no whole name of a ref.
    case ref(String)
  }

  public let scheme: Scheme
  /// As git is given it.
  public let url: String
  /// `refs/heads/main`
  public let ref: String
  public let path: String

  private static let bytesMax = 2048

  public init(_ text: String) throws(Fault) {
    guard text.utf8.count <= Self.bytesMax, text.unicodeScalars.allSatisfy(Self.isPlain),
      let colon = text.firstRange(of: "://")
    else { throw .shape }
    let name = text[..<colon.lowerBound]
    let schemeName = name.hasPrefix("git+") ? name.dropFirst(4) : name
    guard let scheme = Scheme(rawValue: String(schemeName)) else { throw .scheme(String(name)) }
    let rest = text[colon.upperBound...]
    guard let slash = rest.firstIndex(of: "/") else { throw .shape }
    try Self.check(authority: rest[..<slash], scheme)
    guard let at = rest[slash...].firstIndex(of: "@") else { throw .shape }
    let repository = rest[slash..<at]
    let place = rest[rest.index(after: at)...]
      .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard !repository.contains(where: { $0 == "?" || $0 == "#" }) else { throw .secret }
    guard repository.count > 1 else { throw .shape }
    self.scheme = scheme
    url = "\(scheme.rawValue)://\(rest[..<at])"
    ref = place[0].hasPrefix("refs/") ? place[0] : "refs/heads/\(place[0])"
    path = place.count > 1 && !place[1].isEmpty ? place[1] : "."
    guard Self.isName(ref) else { throw .ref(place[0]) }
  }

  public var description: String { "\(url)@\(shortRef):\(path)" }

  /// The branch, or the whole name of another ref.
  public var shortRef: String {
    ref.hasPrefix("refs/heads/") ? String(ref.dropFirst("refs/heads/".count)) : ref
  }

  private static func check(authority: Substring, _ scheme: Scheme) throws(Fault) {
    let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, let host = parts.last, !host.hasPrefix("-") else { throw .shape }
    if parts.count == 2 {
      guard !parts[0].contains(":") else { throw .secret }
      guard !parts[0].isEmpty, !parts[0].hasPrefix("-") else { throw .shape }
    }
    switch scheme {
    case .file: guard authority.isEmpty else { throw .shape }
    case .https, .ssh: guard !host.isEmpty else { throw .shape }
    case .git: guard isThisMachine(host), parts.count == 1 else { throw .scheme(scheme.rawValue) }
    }
  }

  private static func isThisMachine(_ host: Substring) -> Bool {
    ["localhost", "127.0.0.1", "[::1]"].contains { name in
      host == name
        || host.hasPrefix("\(name):") && host.dropFirst(name.count + 1).allSatisfy(\.isNumber)
    }
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x20 && scalar.value != 0x7F && scalar != "\\"
  }

  /// The rules of `git check-ref-format`, and no part that git could take for an option.
  private static func isName(_ ref: String) -> Bool {
    let parts = ref.split(separator: "/", omittingEmptySubsequences: false)
    let isSound = parts.allSatisfy { part in
      !part.isEmpty && !part.hasPrefix(".") && !part.hasPrefix("-") && !part.hasSuffix(".lock")
    }
    return isSound && parts.count > 2 && !ref.contains("..") && !ref.contains("@{")
      && !ref.hasSuffix(".") && !ref.contains { "~^:?*[".contains($0) }
  }
}
