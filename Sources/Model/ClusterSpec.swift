/// A place where nodes and replicas are real: a provider, a region and the limits that hold there.
public struct ClusterSpec: Hashable, Sendable {
  public var metadata: Metadata
  public var provider: ProviderSettings
  public var region: String
  /// At least one; in the order of the manifest.
  public var zones: [String]
  public var limits: ClusterLimits
  /// How workloads that state a demand get their replicas here.
  public var demandModel: DemandModel?
  /// A price file beside the manifest that replaces or extends the built-in catalogue.
  public var catalog: String?
  /// What knows the load of its workloads.
  public var prometheus: PrometheusSettings?
  /// What spreads requests over replicas of services here.
  public var haproxy: HAProxySettings?
  /// For all that is paid for here.
  public var budget: Budget?

  public init(
    metadata: Metadata, provider: ProviderSettings = .simulated(SimulatedSettings()),
    region: String, zones: [String], limits: ClusterLimits = ClusterLimits(),
    demandModel: DemandModel? = nil, catalog: String? = nil, prometheus: PrometheusSettings? = nil,
    budget: Budget? = nil, haproxy: HAProxySettings? = nil
  ) {
    self.metadata = metadata
    self.provider = provider
    self.region = region
    self.zones = zones
    self.limits = limits
    self.demandModel = demandModel
    self.catalog = catalog
    self.prometheus = prometheus
    self.budget = budget
    self.haproxy = haproxy
  }

  public var name: ClusterName { ClusterName(metadata.name) }

  /// Whether somebody spreads requests over replicas here.
  public var isBalanced: Bool { haproxy != nil }
}

/// The provider of a cluster with its settings.
public enum ProviderSettings: Hashable, Sendable {
  case simulated(SimulatedSettings)
  case slurm(SlurmSettings)
  case kubernetes(KubernetesSettings)
}

/// The built-in world's temper. All times are virtual.
public struct SimulatedSettings: Hashable, Sendable {
  public var seed: Int64
  /// From the order of a node until it is ready.
  public var bootTime: Seconds
  /// From the start of a replica until it is ready.
  public var startTime: Seconds
  /// Instance types that can't be had, as `p5.48xlarge` or, for one capacity type, `p5.48xlarge:spot`.
  public var outOfStock: [String]
  /// How long a spot node lives on average before it is reclaimed; never when left out.
  public var spotLifetime: Seconds?
  /// Where all of its nodes are to be reached; nowhere when left out.
  public var address: String?

  public init(
    seed: Int64 = 1, bootTime: Seconds = Seconds(90), startTime: Seconds = Seconds(20),
    outOfStock: [String] = [], spotLifetime: Seconds? = nil, address: String? = nil
  ) {
    self.seed = seed
    self.bootTime = bootTime
    self.startTime = startTime
    self.outOfStock = outOfStock
    self.spotLifetime = spotLifetime
    self.address = address
  }
}

/// Upper bounds of a whole cluster; no plan exceeds them.
public struct ClusterLimits: Hashable, Sendable {
  public var nodes: Int?
  /// Devices of all models together.
  public var accelerators: Int?
  public var costPerHour: Money?
  /// Nodes that are ordered within any minute, whatever plans ask for.
  public var nodesPerMinute: Int?
  /// Steps that are asked of its provider within any minute; nil for the reconciler's own bound.
  public var callsPerMinute: Int?

  public init(
    nodes: Int? = nil, accelerators: Int? = nil, costPerHour: Money? = nil,
    nodesPerMinute: Int? = nil, callsPerMinute: Int? = nil
  ) {
    self.nodes = nodes
    self.accelerators = accelerators
    self.costPerHour = costPerHour
    self.nodesPerMinute = nodesPerMinute
    self.callsPerMinute = callsPerMinute
  }
}

/// The linear demand model: R = base + alpha·C + beta·S + gamma·N, in resource units.
///
/// Coefficients are thousandths, so that the arithmetic is exact.
public struct DemandModel: Hashable, Sendable {
  public var baseMilli: Int64
  /// Units per unit of compute load C.
  public var alphaMilli: Int64
  /// Units per unit of storage load S.
  public var betaMilli: Int64
  /// Units per unit of network load N.
  public var gammaMilli: Int64
  /// The units that a demand is clamped to.
  public var limits: CountRange?

  public init(
    baseMilli: Int64, alphaMilli: Int64, betaMilli: Int64, gammaMilli: Int64,
    limits: CountRange? = nil
  ) {
    self.baseMilli = baseMilli
    self.alphaMilli = alphaMilli
    self.betaMilli = betaMilli
    self.gammaMilli = gammaMilli
    self.limits = limits
  }
}
