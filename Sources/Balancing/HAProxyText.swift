public import Model

/// A table as a piece of HAProxy's configuration, and changes of one in the words of its runtime API.
public enum HAProxyText {
  /// What a service is called there, such as `lab.chat`.
  public static func backend(_ workload: WorkloadName, in cluster: ClusterName) -> String {
    "\(cluster).\(workload)"
  }

  /// The whole file: a backend for each service, for frontends that stand elsewhere.
  ///
  /// Requests go to the server that has the fewest at the moment, by weight (`leastconn`). A server that
  /// drains has the weight 0. A name that can't be resolved leaves out its server, and no more.
  public static func file(_ table: EndpointTable) -> String {
    table.services.reduce(
      """
      # Made by Setpoint of what runs in cluster '\(table.cluster)'. Changes here do not last.

      """
    ) { $0 + backend($1, in: table.cluster) }
  }

  private static func backend(_ service: EndpointTable.Service, in cluster: ClusterName) -> String {
    var lines = ["backend \(backend(service.workload, in: cluster))"]
    // With `redispatch` another server takes what never arrived at the first one.
    lines += ["mode http", "balance leastconn", "option redispatch"].map(indented)
    if let health = service.health { lines.append(indented("option httpchk GET \(health)")) }
    lines.append(indented("default-server check inter 2s fall 2 rise 1"))
    for server in service.servers {
      lines.append(indented("server \(self.server(server)) weight \(weight(server))"))
    }
    for unreachable in service.unreachable {
      lines.append(
        indented("# \(name(unreachable.standing)) takes no requests: \(words(unreachable.reason))"))
    }
    return "\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func indented(_ line: String) -> String { "    " + line }

  private static func server(_ server: EndpointTable.Server) -> String {
    let address = HostAddress(server.address)
    let isName = address.map { $0.kind == .name } ?? true
    let host = address?.kind == .ip6 ? "[\(server.address)]" : server.address
    return "\(name(server.standing)) \(host):\(server.port)"
      + (isName ? " init-addr last,libc,none" : "")
  }

  /// Unique within its service: `0-gpu-3`. Of a node's name, what may not stand there is written as
  /// its bytes.
  static func name(_ standing: Standing) -> String {
    let node = standing.node.name.utf8.map { byte in
      let isPlain =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._".utf8.contains(byte)
      return isPlain ? String(decoding: [byte], as: UTF8.self) : ":" + String(byte, radix: 16)
    }
    return "\(standing.replica.ordinal)-\(node.joined())"
  }

  private static func weight(_ server: EndpointTable.Server) -> Int {
    switch server.state {
    case .ready: server.weight
    case .drain: 0
    }
  }

  private static func words(_ reason: EndpointTable.Unreachable.Reason) -> String {
    switch reason {
    case .noAddress: "nobody says where its node is"
    case .badAddress: "what is said of where its node is is no address"
    case .noPort: "it was started without a port"
    }
  }

  /// What turns `old` into `new` while HAProxy runs, command by command; nil where that takes a reload.
  /// Weights are all that can change.
  public static func commands(from old: EndpointTable, to new: EndpointTable) -> [String]? {
    guard old.plain == new.plain else { return nil }
    var commands: [String] = []
    for (before, after) in zip(old.services, new.services) {
      for (old, new) in zip(before.servers, after.servers) where weight(old) != weight(new) {
        let backend = backend(after.workload, in: self.cluster(of: new))
        commands.append("set weight \(backend)/\(name(new.standing)) \(weight(new))")
      }
    }
    return commands
  }

  private static func cluster(of server: EndpointTable.Server) -> ClusterName {
    server.standing.node.cluster
  }
}

extension EndpointTable {
  /// All but weights.
  fileprivate var plain: EndpointTable {
    var plain = self
    for service in plain.services.indices {
      for server in plain.services[service].servers.indices {
        plain.services[service].servers[server].weight = 0
        plain.services[service].servers[server].state = .ready
      }
    }
    return plain
  }
}
