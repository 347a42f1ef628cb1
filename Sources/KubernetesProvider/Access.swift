import Digests
import HTTP
import JSON
import Model
import Planning
import Transport

/// Where an API server is, whom to believe there, and who we are to it.
struct Access: Sendable {
  /// What says so, in words.
  var origin: String
  var server: String
  var trust = Trust()
  var credential: Credential?

  private static let account = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// By the file of the settings; or that of `KUBECONFIG`; or the service account of the pod that this
  /// runs in; or `.kube/config` at home.
  init(_ settings: KubernetesSettings, _ surroundings: Surroundings) async throws(Failure) {
    let environment = surroundings.environment
    if let path = settings.kubeconfig ?? environment["KUBECONFIG"].flatMap(Self.first) {
      try await self.init(kubeconfig: path, settings, surroundings)
    } else if let host = environment["KUBERNETES_SERVICE_HOST"] {
      try self.init(inClusterAt: host, surroundings)
    } else if let home = environment["HOME"] {
      try await self.init(kubeconfig: "\(home)/.kube/config", settings, surroundings)
    } else {
      throw .terminal("no kubeconfig is named, and this is no pod of a cluster")
    }
  }

  /// `KUBECONFIG` may list several files, of which only the first counts here.
  private static func first(of list: String) -> String? {
    list.split(separator: ":").first.map(String.init)
  }

  private init(inClusterAt host: String, _ surroundings: Surroundings) throws(Failure) {
    let port = surroundings.environment["KUBERNETES_SERVICE_PORT"] ?? "443"
    origin = "the service account of this pod"
    server = host.contains(":") ? "https://[\(host)]:\(port)" : "https://\(host):\(port)"
    trust.authorities = try surroundings.file("\(Self.account)/ca.crt", for: origin)
    credential = .bearer(try surroundings.token("\(Self.account)/token", for: origin))
  }

  private init(
    kubeconfig path: String, _ settings: KubernetesSettings, _ surroundings: Surroundings
  ) async throws(Failure) {
    let bytes = try surroundings.file(path, for: "kubeconfig")
    let config = try Kubeconfig(path: path, bytes: bytes, context: settings.context)
    origin = path
    server = config.server
    if config.isInsecure, !settings.allowsInsecure {
      throw .terminal(
        "\(path) says insecure-skip-tls-verify; only the setting 'allowInsecure: true' of the "
          + "cluster lets it")
    }
    func part(_ part: Kubeconfig.Part?) throws(Failure) -> [UInt8]? {
      switch part {
      case .data(let bytes): return bytes
      case .file(let file): return try surroundings.file(config.absolute(file), for: path)
      case nil: return nil
      }
    }
    trust.authorities = try part(config.authorities)
    trust.serverName = config.serverName
    trust.verifies = !config.isInsecure
    if let certificates = try part(config.certificates), let key = try part(config.key) {
      trust.identity = Trust.Identity(certificates: certificates, key: key)
    }
    if let file = config.tokenFile {
      credential = .bearer(try surroundings.token(config.absolute(file), for: path))
    } else if let token = config.token {
      credential = .bearer(token)
    } else if let program = config.program {
      guard settings.allowsExec else {
        throw .terminal(
          "\(path) names the program '\(program.command)' for credentials; only the setting "
            + "'allowExec: true' of the cluster lets it run")
      }
      try await fetch(by: program, surroundings)
    }
  }

  private mutating func fetch(
    by program: Kubeconfig.Program, _ surroundings: Surroundings
  ) async throws(Failure) {
    let kept = surroundings.environment.filter { ["PATH", "HOME"].contains($0.key) }
    let info = """
      {"apiVersion": \(JSONWriter.quoted(program.version)), "kind": "ExecCredential", \
      "spec": {"interactive": false}}
      """
    let ended: Tool.Ended
    do {
      ended = try await Tool(program.command, environment: kept.merging(program.environment) { $1 })
        .run(
          program.arguments, with: ["KUBERNETES_EXEC_INFO": info], secondsMax: 60,
          outputBytesMax: 1 << 20)
    } catch { throw .terminal("'\(program.command)' gives no credentials: \(error)") }
    guard ended.isSuccess else {
      throw .terminal(
        "'\(program.command)' gives no credentials: \(ended.complaints.last ?? "no word why")")
    }
    do throws(JSONProblem) {
      var status: [String: String] = [:]
      var reader = JSONReader(ended.output)
      try reader.members { (name, reader) throws(JSONProblem) in
        if name == "status" { status = try reader.labels() }
      }
      credential = status["token"].map { .bearer($0) }
      if let certificates = status["clientCertificateData"], let key = status["clientKeyData"] {
        trust.identity = Trust.Identity(
          certificates: Array(certificates.utf8), key: Array(key.utf8))
      }
    } catch { throw .terminal("'\(program.command)' gives credentials that can't be read") }
  }
}

extension Surroundings {
  fileprivate func file(_ path: String, for what: String) throws(Failure) -> [UInt8] {
    do throws(Unreadable) { return try read(path) } catch {
      throw .terminal("\(what): '\(path)' can't be read: \(error.reason)")
    }
  }

  fileprivate func token(_ path: String, for what: String) throws(Failure) -> String {
    let text = String(decoding: try file(path, for: what), as: UTF8.self)
    guard let word = Credential.word(in: text) else {
      throw .terminal("\(what): '\(path)' holds no token: it must be one word")
    }
    return word
  }
}
