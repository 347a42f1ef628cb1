/// Where a server is: `https://host[:port][/prefix]`, `http://…`, or `unix:///path/of/a/socket`.
public struct Address: Hashable, Sendable, CustomStringConvertible {
  public let way: Way
  /// Stands before the path of each request; empty, or `/…` without a slash at its end.
  public let prefix: String

  public enum Way: Hashable, Sendable {
    /// The host as in a URL: an IPv6 address stands in brackets.
    case tls(host: String, port: Int)
    case plain(host: String, port: Int)
    case socket(path: String)
  }

  /// Throws `Problem.unusable` for anything else, and for an address that holds a user or a password.
  public init(_ text: String) throws(Problem) {
    if let path = text.without(prefix: "unix://") {
      guard path.hasPrefix("/"), path.isPrintable else { throw .unusable("no path of a socket") }
      way = .socket(path: path)
      prefix = ""
      return
    }
    let isTLS = text.hasPrefix("https://")
    guard let rest = text.without(prefix: isTLS ? "https://" : "http://"), rest.isPrintable,
      !rest.contains(where: { "@?#\\".contains($0) })
    else {
      throw .unusable("an address is https://host:port, http://host:port or unix:///path")
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let (host, port) = try Self.split(rest[..<slash], portElse: isTLS ? 443 : 80)
    way = isTLS ? .tls(host: host, port: port) : .plain(host: host, port: port)
    var prefix = String(rest[slash...])
    while prefix.hasSuffix("/") { prefix.removeLast() }
    self.prefix = prefix
  }

  private static func split(
    _ text: Substring, portElse: Int
  ) throws(Problem) -> (host: String, port: Int) {
    let bracket = text.lastIndex(of: "]") ?? text.startIndex
    guard let colon = text[bracket...].lastIndex(of: ":") else {
      guard !text.isEmpty else { throw .unusable("the address has no host") }
      return (String(text), portElse)
    }
    let host = text[..<colon]
    guard !host.isEmpty, !host.contains(":") || host.hasPrefix("["),
      let port = Int(text[text.index(after: colon)...]), 1...65_535 ~= port
    else { throw .unusable("the address has no host, or no port that can be") }
    return (String(host), port)
  }

  public var description: String {
    switch way {
    case .tls(let host, let port): "https://\(host):\(port)\(prefix)"
    case .plain(let host, let port): "http://\(host):\(port)\(prefix)"
    case .socket(let path): "unix://\(path)"
    }
  }
}

extension String {
  fileprivate func without(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }

  /// Whether it has nothing but printable ASCII, and no space.
  var isPrintable: Bool { utf8.allSatisfy { 0x21...0x7E ~= $0 } }
}
