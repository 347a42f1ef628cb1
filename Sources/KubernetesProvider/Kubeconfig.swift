import Diagnostics
import JSON
import Planning
import YAML

/// What of a kubeconfig concerns one of its contexts.
struct Kubeconfig: Sendable {
  let path: String
  var server = ""
  var serverName: String?
  var isInsecure = false
  var authorities: Part?
  var certificates: Part?
  var key: Part?
  var token: String?
  var tokenFile: String?
  var program: Program?

  /// Bytes that stand in the file itself, or in another.
  enum Part: Hashable, Sendable {
    case data([UInt8])
    case file(String)
  }

  /// Fetches credentials.
  struct Program: Hashable, Sendable {
    var version: String
    var command: String
    var arguments: [String]
    var environment: [String: String]
  }

  /// The current context's where `context` is nil.
  init(path: String, bytes: [UInt8], context: String?) throws(Failure) {
    self.path = path
    let root = try Self.root(path, bytes)
    guard let context = context ?? root["current-context"]?.text, !context.isEmpty else {
      throw .terminal("\(path) has no current-context, and the cluster names none")
    }
    let chosen = try Self.entry("contexts", "context", context, in: root, path)
    guard let clusterName = chosen["cluster"]?.text else {
      throw .terminal("\(path): context '\(context)' names no cluster")
    }
    let cluster = try Self.entry("clusters", "cluster", clusterName, in: root, path)
    server = cluster["server"]?.text ?? ""
    serverName = cluster["tls-server-name"]?.text
    isInsecure = cluster["insecure-skip-tls-verify"]?.hasText("true") ?? false
    authorities = try Self.part("certificate-authority", of: cluster, path)
    guard cluster["proxy-url"] == nil else {
      throw .terminal("\(path): cluster '\(clusterName)' has a proxy-url, which is not supported")
    }
    guard let userName = chosen["user"]?.text, !userName.isEmpty else { return }
    let user = try Self.entry("users", "user", userName, in: root, path)
    certificates = try Self.part("client-certificate", of: user, path)
    key = try Self.part("client-key", of: user, path)
    token = user["token"]?.text
    tokenFile = user["tokenFile"]?.text
    if let exec = user["exec"] { program = try Self.program(exec, userName, path) }
    guard user["auth-provider"] == nil, user["username"] == nil else {
      throw .terminal(
        "\(path): user '\(userName)' needs an auth-provider or a password, which is not supported")
    }
  }

  private static func root(_ path: String, _ bytes: [UInt8]) throws(Failure) -> YAMLNode {
    let source = SourceText(path: path, bytes: bytes)
    let file = YAMLReader.read(source, id: SourceID(index: 0))
    guard file.diagnostics.isEmpty, let root = file.value.documents.first?.root,
      root.kind == .mapping
    else { throw .terminal("\(path) is no kubeconfig that can be read") }
    return root
  }

  /// The body of the named one of a list.
  private static func entry(
    _ list: String, _ body: String, _ name: String, in root: YAMLNode, _ path: String
  ) throws(Failure) -> YAMLNode {
    for item in root[list]?.items.map({ $0 }) ?? [] where item["name"]?.hasText(name) ?? false {
      if let body = item[body] { return body }
    }
    throw .terminal("\(path) has no \(body) '\(name)'")
  }

  private static func part(
    _ name: String, of node: YAMLNode, _ path: String
  ) throws(Failure) -> Part? {
    if let data = node["\(name)-data"]?.text, !data.isEmpty {
      guard let bytes = Base64.standard.decoded(data.utf8) else {
        throw .terminal("\(path): \(name)-data is no Base64")
      }
      return .data(bytes)
    }
    return node[name]?.text.map { .file($0) }
  }

  private static func program(
    _ node: YAMLNode, _ user: String, _ path: String
  ) throws(Failure) -> Program {
    guard let command = node["command"]?.text, let version = node["apiVersion"]?.text else {
      throw .terminal("\(path): exec of user '\(user)' has no command, or no apiVersion")
    }
    let variables = node["env"]?.items.compactMap { item -> (String, String)? in
      guard let name = item["name"]?.text, let value = item["value"]?.text else { return nil }
      return (name, value)
    }
    return Program(
      version: version, command: command,
      arguments: node["args"]?.items.compactMap(\.text) ?? [],
      environment: Dictionary(variables ?? []) { $1 })
  }

  /// A file that is named without its folder lies beside this one.
  func absolute(_ file: String) -> String {
    guard !file.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return file }
    return path[...slash] + file
  }
}
