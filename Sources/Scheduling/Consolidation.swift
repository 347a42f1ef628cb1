public import Model

/// Which nodes might be given back though something stands on them, and on what terms.
///
/// Emptying a node moves all that stands there: to room that others have, or to cheaper nodes that are
/// bought for it. That is worth it where the money saved over a time to come is more than the work that
/// is lost by starting anew.
public struct ConsolidationTerms: Hashable, Sendable {
  public var candidates: [Candidate]
  /// Pools of candidates that are not listed give nothing back.
  public var pools: [PoolTerms]
  /// What starting a workload anew loses. A gang loses it once, however many of its nodes go; others
  /// lose it once as well. Nothing where a workload is not listed.
  public var losses: [WorkloadLoss]

  public init(candidates: [Candidate], pools: [PoolTerms], losses: [WorkloadLoss] = []) {
    self.candidates = candidates
    self.pools = pools
    self.losses = losses
  }

  /// A node that may go.
  public struct Candidate: Hashable, Sendable {
    public var node: NodeID
    public var pool: PoolName
    public var pricePerHour: Money
    /// How long what it saves counts.
    public var horizon: Seconds
    /// So much of its price must be saved before anything counts as saved, in per cent.
    public var marginPercent: Int

    public init(
      node: NodeID, pool: PoolName, pricePerHour: Money, horizon: Seconds, marginPercent: Int
    ) {
      self.node = node
      self.pool = pool
      self.pricePerHour = pricePerHour
      self.horizon = horizon
      self.marginPercent = marginPercent
    }
  }

  /// How many nodes of a pool may go.
  public struct PoolTerms: Hashable, Sendable {
    public var pool: PoolName
    /// At once.
    public var drainsMax: Int
    /// Nodes above the pool's minimum: more go only where others of the pool are bought.
    public var spare: Int

    public init(pool: PoolName, drainsMax: Int, spare: Int) {
      self.pool = pool
      self.drainsMax = drainsMax
      self.spare = spare
    }
  }

  public struct WorkloadLoss: Hashable, Sendable {
    public var workload: WorkloadName
    public var amount: Money

    public init(workload: WorkloadName, amount: Money) {
      self.workload = workload
      self.amount = amount
    }
  }
}

/// Nodes to give back together, and what that comes to.
public struct Consolidation: Hashable, Sendable {
  /// Sorted.
  public var nodes: [NodeID]
  /// Nodes bought for what stood there.
  public var purchases: Int
  /// What the nodes cost, less what is bought.
  public var savingPerHour: Money
  /// Money over the horizon, less margins and losses; more than nothing.
  public var worth: Money

  public init(nodes: [NodeID], purchases: Int, savingPerHour: Money, worth: Money) {
    self.nodes = nodes
    self.purchases = purchases
    self.savingPerHour = savingPerHour
    self.worth = worth
  }
}

extension Scheduler {
  /// The best set of candidates to give back that was found within bounds; nil where none is worth it.
  /// Nobody loses a home, and nobody else is moved; order has no influence.
  ///
  /// `input` says where everything stands; nodes that nothing may move to are closed there.
  public static func consolidate(
    _ input: SchedulingInput, _ terms: ConsolidationTerms
  ) -> Consolidation? {
    var search = ConsolidationSearch(input, terms)
    return search.best()
  }
}
