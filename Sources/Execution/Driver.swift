public import Balancing
public import Digests
public import Interfaces
public import Model
public import Planning
public import Reconciliation

/// Carries a reconciler's effects out and brings the answers back as events.
///
/// One task owns the reconciler and feeds it from one queue, so the order of events is defined and there
/// are no locks. Observations, calls, records and plans are child tasks; each ends with one event, after
/// its timeout at the latest. What to do is decided by the reconciler alone.
public struct Driver: Sendable {
  private let store: any StateStore
  private let provider: any Provider
  private let balancer: (any Balancer)?
  private let clock: any Clock
  private let limits: DriverLimits
  private let diff: Reconciler.Diff

  public init(
    store: any StateStore, provider: any Provider, balancer: (any Balancer)? = nil,
    clock: any Clock,
    limits: DriverLimits = DriverLimits(),
    diff: @escaping Reconciler.Diff = { Differ.actions(toward: $0, desired: $1, from: $2) }
  ) {
    self.store = store
    self.provider = provider
    self.balancer = balancer
    self.clock = clock
    self.limits = limits
    self.diff = diff
  }

  /// Brings the world to the current target, which was adopted before, and ends there or says why not.
  ///
  /// Without `replan` it carries out exactly that target and ends with `needsPlan` where the world
  /// demands another; with `plansFirst` it plans before it does anything. Each element of `stop` is a
  /// request to leave: at the first nothing more is started and what is in flight is waited for, at the
  /// second not even that.
  public func converge(
    _ scope: Scope, replan: Replan? = nil, plansFirst: Bool = false, stop: AsyncStream<Void>,
    progress: @escaping @Sendable (Progress) -> Void
  ) async -> Outcome {
    let mode: Reconciler.Mode =
      replan == nil ? .exactly : plansFirst ? .planningFirst : .untilConverged
    return await drive(mode, scope, replan, stop, progress)
  }

  /// Keeps the world at its setpoint until it is told to stop: plans with `replan` at first and whenever
  /// the world changes, and adopts what it says. Each element of `changes` says that the wishes have,
  /// each of `loads` what replicas have to do.
  public func run(
    _ scope: Scope, replan: @escaping Replan, changes: AsyncStream<Void>? = nil,
    loads: AsyncStream<EndpointLoads>? = nil,
    stop: AsyncStream<Void>, progress: @escaping @Sendable (Progress) -> Void
  ) async -> Outcome {
    await drive(.forever, scope, replan, stop, progress, changes, loads)
  }

  private func drive(
    _ mode: Reconciler.Mode, _ scope: Scope, _ replan: Replan?, _ stop: AsyncStream<Void>,
    _ progress: @escaping @Sendable (Progress) -> Void, _ changes: AsyncStream<Void>? = nil,
    _ loads: AsyncStream<EndpointLoads>? = nil
  ) async -> Outcome {
    let (messages, queue) = AsyncStream.makeStream(of: Message.self)
    var session = Session(
      store: store, provider: provider, balancer: balancer, clock: clock, limits: limits,
      replan: replan, clusters: scope.clusters)
    do throws(StoreError) {
      let stored = try await store.current()
      queue.yield(.event(.watch(scope.clusters.map(\.name))))
      // What another process adopted meanwhile was made for other wishes than these.
      let isOurs = stored.target.map { $0.desired == scope.digest } ?? true
      guard isOurs || mode.plansFirst else { return .superseded }
      if let target = stored.target, isOurs {
        queue.yield(.event(.adopted(Assignment(target, stored, scope.desired))))
      }
    } catch {
      return .storeFailed(error.wording)
    }
    var reconciler = Reconciler(mode: mode, limits: limits.reconciler, diff: diff)
    return await withDiscardingTaskGroup { group in
      group.addTask { for await _ in stop { queue.yield(.event(.stopRequested)) } }
      if let changes {
        group.addTask { for await _ in changes { queue.yield(.event(.desiredChanged)) } }
      }
      if let loads {
        group.addTask { for await heard in loads { queue.yield(.event(.measured(heard))) } }
      }
      var timer: Task<Void, Never>?
      defer {
        timer?.cancel()
        group.cancelAll()
      }
      for await message in messages {
        for event in session.take(message) {
          for effect in reconciler.handle(event, at: await clock.now()) {
            switch effect {
            case .finish(let outcome): return outcome
            case .report(let report): progress(report)
            case .wake(let moment):
              timer?.cancel()
              timer = Task { [clock] in
                await clock.wait(until: moment)
                if !Task.isCancelled { queue.yield(.event(.woke)) }
              }
            case .observe, .record, .apply, .replan, .publish:
              group.addTask { [session] in
                if let answer = await session.carryOut(effect) { queue.yield(answer) }
              }
            }
          }
        }
      }
      return .interrupted
    }
  }
}

/// The bounds of the driver, with their units. Timeouts are of real time, whatever the clock says.
public struct DriverLimits: Sendable {
  /// A call that has not returned by then may have happened.
  public var applyTimeout: Duration = .seconds(60)
  public var observeTimeout: Duration = .seconds(60)
  public var publishTimeout: Duration = .seconds(120)
  public var reconciler = ReconcilerLimits()

  public init() {}
}

/// What is driven.
public struct Scope: Sendable {
  /// What the current target was made for.
  public var desired: DesiredState
  /// By which targets say so.
  public var digest: Digest
  /// Every cluster to be looked at: those wanted, and those that are on their way out.
  public var clusters: [ClusterSpec]

  public init(desired: DesiredState, digest: Digest, clusters: [ClusterSpec]) {
    self.desired = desired
    self.digest = digest
    self.clusters = clusters
  }
}

/// Makes a plan on what is stored and what was seen, at this time.
public typealias Replan =
  @Sendable (PlanRequest, StoredState, Timestamp) async throws(PlanningRefusal) -> Decision

/// A plan with all that adopting it and going on from it needs.
public struct Decision: Sendable {
  public var plan: Plan
  /// All desired objects as canonical manifests.
  public var manifests: String
  /// The price files of clusters that have one, sorted by cluster.
  public var prices: [ClusterPrices]
  /// The plan's summary line.
  public var summary: String
  public var scope: Scope

  public init(
    plan: Plan, manifests: String, prices: [ClusterPrices] = [], summary: String, scope: Scope
  ) {
    self.plan = plan
    self.manifests = manifests
    self.prices = prices
    self.summary = summary
    self.scope = scope
  }
}

/// Why no plan was made: manifests with errors, a refused plan. In words for people.
public struct PlanningRefusal: Error, Hashable, Sendable {
  public var detail: String

  public init(_ detail: String) { self.detail = detail }
}
