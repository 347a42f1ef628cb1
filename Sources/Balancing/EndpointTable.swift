public import Model

/// Where the requests for the services of one cluster go.
///
/// It follows from what is wanted and what was seen, and from nothing that was published before: the
/// same world gives the same table.
public struct EndpointTable: Hashable, Sendable {
  public var cluster: ClusterName
  /// Sorted by workload; a service without servers is there too, since its name is used elsewhere.
  public var services: [Service]

  public init(cluster: ClusterName, services: [Service] = []) {
    self.cluster = cluster
    self.services = services.sorted { $0.workload < $1.workload }
  }

  public struct Service: Hashable, Sendable {
    public var workload: WorkloadName
    /// The path that answers where a replica is well; where nil, one that takes connections is.
    public var health: String?
    /// Sorted by standing.
    public var servers: [Server]
    /// Replicas that run and that nobody can send requests to; sorted by standing.
    public var unreachable: [Unreachable]

    public init(
      _ workload: WorkloadName, health: String? = nil, servers: [Server] = [],
      unreachable: [Unreachable] = []
    ) {
      self.workload = workload
      self.health = health
      self.servers = servers.sorted { $0.standing < $1.standing }
      self.unreachable = unreachable.sorted { $0.standing < $1.standing }
    }
  }

  /// A replica that takes requests.
  public struct Server: Hashable, Sendable {
    public var standing: Standing
    public var address: String
    public var port: Int
    /// 1 to `Weights.max`: its part of the requests beside those of the others.
    public var weight: Int
    public var state: State

    public init(
      _ standing: Standing, address: String, port: Int, weight: Int = Weights.max,
      state: State = .ready
    ) {
      self.standing = standing
      self.address = address
      self.port = port
      self.weight = weight
      self.state = state
    }
  }

  public enum State: String, CaseIterable, Hashable, Sendable {
    case ready
    /// No new requests; those that it has come to their end.
    case drain
  }

  public struct Unreachable: Hashable, Sendable {
    public enum Reason: String, CaseIterable, Hashable, Sendable {
      /// Its provider does not say where its node is.
      case noAddress
      /// What its provider says is no address.
      case badAddress
      /// It was started before its workload had ports, or the range has none for it.
      case noPort
    }

    public var standing: Standing
    public var reason: Reason

    public init(_ standing: Standing, _ reason: Reason) {
      self.standing = standing
      self.reason = reason
    }
  }

  /// What measured loads make of the factors that there were, of replicas that are there and are
  /// measured.
  public func factors(_ loads: EndpointLoads, after before: [Standing: Int]) -> [Standing: Int] {
    var factors: [Standing: Int] = [:]
    for service in services {
      guard let loads = loads.services[service.workload] else { continue }
      let earlier = service.servers.map { before[$0.standing] ?? Weights.even }
      // The share that its weight was made of.
      let shares = zip(service.servers, earlier).map { server, factor in
        max(1, server.weight.multipliedSaturated(by: Weights.even) / max(1, factor))
      }
      let next = Weights.factors(
        shares: shares, loads: service.servers.map { loads[$0.addressAndPort] }, before: earlier)
      for (server, factor) in zip(service.servers, next) where factor != Weights.even {
        factors[server.standing] = factor
      }
    }
    return factors
  }

  public subscript(standing: Standing) -> Server? {
    services.first { $0.workload == standing.replica.workload }?
      .servers.first { $0.standing == standing }
  }
}

extension EndpointTable.Server {
  /// `10.0.0.1:8080`, `[fd00::1]:8080`
  public var addressAndPort: String {
    address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}

/// What the replicas of one cluster were found to have to do.
public struct EndpointLoads: Hashable, Sendable {
  public var cluster: ClusterName
  /// Of each service that is measured, by address and port; nothing of a service is a failed
  /// measurement.
  public var services: [WorkloadName: [String: Double]]

  public init(cluster: ClusterName, services: [WorkloadName: [String: Double]]) {
    self.cluster = cluster
    self.services = services
  }
}

/// A replica where it stands: while it moves, it stands in two places.
public struct Standing: Hashable, Comparable, Sendable {
  public let replica: ReplicaID
  public let node: NodeID

  public init(_ replica: ReplicaID, on node: NodeID) {
    self.replica = replica
    self.node = node
  }

  public static func < (left: Standing, right: Standing) -> Bool {
    (left.replica, left.node) < (right.replica, right.node)
  }
}
