/// Where the replicas of a service take requests, and how one is taken out before it stops.
public struct Endpoint: Hashable, Sendable {
  /// Where replicas listen: all at one port, or each at its own, replica n at the n-th of a range.
  public var ports: CountRange
  /// The path that answers with 2xx or 3xx where a replica is well; where nil, one that takes
  /// connections is.
  public var health: String?
  /// How long a replica that is about to stop gets no new requests before it does.
  public var drain: Seconds
  /// A query for the cluster's Prometheus that tells what each replica has to do: a series for each, by
  /// the label `instance`, its address and port.
  public var load: String?

  public static let drainDefault = Seconds(30)
  /// A plan is not held up for longer by one replica.
  public static let drainMax = Seconds.minutes(10)

  public init(
    ports: CountRange, health: String? = nil, drain: Seconds = Endpoint.drainDefault,
    load: String? = nil
  ) {
    self.ports = ports
    self.health = health
    self.drain = drain
    self.load = load
  }

  /// Nil where the range has none for it.
  public func port(of ordinal: Int) -> Int? {
    guard !ports.isFixed else { return ports.min }
    let port = ports.min.addingSaturated(ordinal)
    return port <= ports.max ? port : nil
  }
}

/// An HAProxy that spreads the requests for services of one cluster.
public struct HAProxySettings: Hashable, Sendable {
  /// The file that is written, beside others that it reads: `/etc/haproxy/conf.d/lab.cfg`.
  public var file: String
  /// The command that has it read its files anew, word by word.
  public var reload: [String]
  /// Its runtime API; where nil, it is reloaded whatever changes.
  public var socket: String?
  /// After which a call to it counts as without answer.
  public var timeout: Seconds

  public init(
    file: String = "", reload: [String] = [], socket: String? = nil,
    timeout: Seconds = Seconds(30)
  ) {
    self.file = file
    self.reload = reload
    self.socket = socket
    self.timeout = timeout
  }
}
