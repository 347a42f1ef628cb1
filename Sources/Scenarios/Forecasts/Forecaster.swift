import Catalog
import Digests
import Manifests
import Model
public import Planning
import Reconciliation
import Scheduling
import Simulation

/// Tells what would happen: a simulated world that looks like the real one, kept by the production
/// planner and reconciler on virtual time, from the assumption on until it is quiet or the time is up.
///
/// The same question gives the same answer, to the byte.
public struct Forecaster: Sendable {
  let question: Question
  var world: World
  /// What is adopted.
  var desired: DesiredState
  var target: Target?
  var done: [ActionID: JournalEntry]
  var openIntents: [IdempotencyKey: JournalEntry] = [:]
  var reconciler: Reconciler
  private let planEvery: Seconds
  var inbox: [Reconciler.Event] = []
  var wake: Timestamp?
  /// What is wanted by now: the manifests, with the load of this moment.
  private(set) var wanted: DesiredState
  /// When the load becomes another.
  private var loadDue: Timestamp?
  /// Losses to come, by time.
  private var losses: [TimedLoss]
  var scaling: ForecastScaling
  var ledger: Ledger
  var forecast: Forecast
  /// What the independent check found in any plan; nothing, unless the planner has a bug.
  public internal(set) var violations: [String] = []
  var pending: [PendingReplicas] = []
  var lastNewsAt: Timestamp
  var isSettled = false
  /// What was said of gates last, so that it is said once.
  var refusal = ""

  public init(_ question: Question) {
    self.question = question
    let seen = question.withoutLost().observed
    world = World(of: seen, for: question.desired, now: question.now)
    desired = question.before
    target = question.previous
    done = Dictionary(question.done.map { ($0.action, $0) }) { first, _ in first }
    wanted = question.desired
    ledger = Ledger(question.clusters, question.catalogs, from: question.now)
    forecast = Forecast(startedAt: question.now, endedAt: question.now, before: question.previous)
    lastNewsAt = question.now
    losses = question.losses.filter { $0.at > .zero }.sorted { $0.at < $1.at }
    scaling = ForecastScaling(question)
    let limits = Self.limits(for: question.length ?? .zero)
    planEvery = limits.planEvery
    reconciler = Reconciler(mode: .forever, limits: limits) { target, desired, observed in
      Differ.actions(toward: target, desired: desired, from: observed)
    }
  }

  /// Up to two hours it looks and plans as often as `run` does, beyond that every ten minutes and for
  /// long times more seldom. What is seen to change is planned on at once; only what time alone brings,
  /// such as that a node was idle for long enough, is found that much later.
  private static func limits(for length: Seconds) -> ReconcilerLimits {
    var limits = ReconcilerLimits()
    guard length > .hours(2) else { return limits }
    limits.planEvery = max(.minutes(10), Seconds(length.count / plansMax))
    limits.resyncEvery = Seconds(limits.planEvery.count / 10)
    return limits
  }

  /// About as many plans are made of what time alone brings.
  private static let plansMax: Int64 = 720
  /// Above what any moment takes; a loop that goes nowhere is found by it.
  private static let stepsAtOnceMax = 200_000

  /// The whole course.
  public mutating func run() -> Forecast {
    begin()
    var steps = 0
    while steps < Self.stepsAtOnceMax {
      if !inbox.isEmpty {
        steps += 1
        let event = inbox.removeFirst()
        for effect in reconciler.handle(event, at: world.now) { carryOut(effect) }
        continue
      }
      sample()
      guard let next = nextMoment, next < end, !isQuiet else { break }
      if next > world.now { steps = 0 }
      pass(to: next)
      lose()
      takeLoad()
      scale()
      if let wake, wake <= world.now {
        self.wake = nil
        inbox.append(.woke)
      }
    }
    if steps >= Self.stepsAtOnceMax { violations.append("it does not come to an end") }
    finish()
    return forecast
  }

  private mutating func begin() {
    let before = question.observed.nodes.filter { $0.phase == .lost }.map(\.id)
    for loss in losses(besides: Set(before)) { forecast.events.append(loss) }
    want(question.wanted(at: .zero))
    loadDue = question.load.next(after: .zero).map { question.now + $0 }
    if let target { ledger.learn(target) }
    ledger.look(at: world)
    scale()
    sample()
    inbox = [.watch(question.clusters.map(\.name))]
    if let assignment { inbox.append(.adopted(assignment)) }
  }

  private func losses(besides before: Set<NodeID>) -> [ForecastEvent] {
    world.nodes.filter { $0.observed.phase == .lost && !before.contains($0.id) }.map {
      let with = $0.replicas.map { "\($0.id)" }.joined(separator: ", ")
      return ForecastEvent(
        at: world.now, kind: .lost, subject: "\($0.id)", detail: with.isEmpty ? "" : "with \(with)")
    }
  }

  private mutating func finish() {
    // Until it is quiet: what is paid for after that is no part of what happened.
    if question.length != nil { pass(to: max(end, world.now)) }
    sample()
    forecast.endedAt = world.now
    let isOver = !world.isMoving && reconcilerRests
    forecast.quietAt = isOver ? lastNewsAt : nil
    forecast.costs = ledger.costs
    forecast.unpriced = ledger.unpriced.sorted()
    forecast.after = target
    forecast.observed = observed(question.clusters)
    forecast.pending = pending
  }

  // MARK: Time

  private var end: Timestamp {
    question.now + (question.length ?? Question.untilQuietMax)
  }

  private var nextMoment: Timestamp? {
    let moments = [wake, loadDue, scaling.due, losses.first.map { question.now + $0.at }]
    return moments.compactMap(\.self).min()
  }

  /// Whether so much time has passed without anything that only more of it could bring something.
  private var isQuiet: Bool {
    guard question.length == nil, !world.isMoving, reconcilerRests else { return false }
    return world.now >= lastNewsAt + settleTime
  }

  private var reconcilerRests: Bool { inbox.isEmpty && openIntents.isEmpty }

  /// Long enough for empty nodes to be given back, where that takes no longer than an hour, and for a
  /// plan or two after that.
  private var settleTime: Seconds {
    let pools = question.desired.nodePools.compactMap(\.disruption.consolidateAfter)
    let longest = pools.filter { $0 <= .hours(1) }.max() ?? .zero
    return longest + planEvery + planEvery
  }

  /// Lets time pass, one thing after the other.
  private mutating func pass(to moment: Timestamp) {
    while let next = world.nextEventTime, next <= moment {
      let before = world
      ledger.pass(to: next)
      world.advance(to: next)
      tell(world.news(since: before))
      ledger.look(at: world)
      if world.now < moment { sample() }
      if world == before { break }
    }
    ledger.pass(to: moment)
    world.advance(to: moment)
  }

  /// Takes over the points of the load that stand here by now.
  private mutating func takeLoad() {
    guard let loadDue, loadDue <= world.now else { return }
    let offset = world.now - question.now
    want(question.wanted(at: offset))
    self.loadDue = question.load.next(after: offset).map { question.now + $0 }
    inbox.append(.desiredChanged)
  }

  /// Lets happen what is lost by now.
  private mutating func lose() {
    while let next = losses.first, question.now + next.at <= world.now {
      losses.removeFirst()
      let before = Set(world.nodes.filter { $0.observed.phase == .lost }.map(\.id))
      world.lose(next.loss)
      tell(losses(besides: before))
      ledger.look(at: world)
    }
  }

  private mutating func want(_ next: DesiredState) {
    for (old, new) in zip(wanted.workloads, next.workloads) where old.replicas != new.replicas {
      tell([
        ForecastEvent(
          at: world.now, kind: .load, subject: "\(new.name)", detail: new.replicas.told)
      ])
    }
    wanted = next
  }

  // MARK: What is told

  mutating func tell(_ events: [ForecastEvent]) {
    guard !events.isEmpty else { return }
    forecast.events += events
    lastNewsAt = world.now
  }

  /// Takes down how things stand, where that is different from what was taken down last.
  private mutating func sample() {
    var sample = ForecastSample(
      at: world.now, nodes: 0, replicasWanted: (target?.replicas.count ?? 0) + pendingCount,
      replicasReady: 0, needMilli: scaling.needMilli, devices: 0, devicesHeld: 0,
      costPerHour: ledger.perHour)
    for node in world.nodes {
      if node.isPaidFor { sample.nodes += 1 }
      if node.observed.phase == .ready {
        sample.devices += node.observed.capacity.accelerators?.count ?? 0
      }
      var held: Set<Int> = []
      for replica in node.replicas where replica.observed.holdsResources {
        held.formUnion(replica.observed.devices)
        if replica.observed.phase == .ready { sample.replicasReady += 1 }
      }
      sample.devicesHeld += held.count
    }
    let ends = world.finished.count { record in
      target?.replicas.contains { $0.id == record.id } ?? false
    }
    sample.replicasReady += ends
    if let last = forecast.samples.last {
      guard !last.saysTheSame(as: sample) else { return }
      // The first one is that of the start, before anything is decided.
      if last.at == sample.at, forecast.samples.count > 1 { forecast.samples.removeLast() }
    }
    forecast.samples.append(sample)
  }

  private var pendingCount: Int {
    let placed = Set((target?.replicas ?? []).map(\.id))
    return pending.reduce(0) { sum, entry in
      sum + entry.ordinals.count { !placed.contains(ReplicaID(entry.workload, $0)) }
    }
  }
}

extension Question {
  /// Of what is wanted and of what was, by name: what is to go still has to be seen.
  var clusters: [ClusterSpec] {
    let known = Set(desired.clusters.map(\.name))
    return (desired.clusters + before.clusters.filter { !known.contains($0.name) })
      .sorted { $0.name < $1.name }
  }
}

extension ReplicaCount {
  fileprivate var told: String {
    switch self {
    case .range(let range): "\(range) replicas"
    case .demand(let demand):
      "demand \(Quantity.decimal.text(demand.computeMilli)) compute,"
        + " \(Quantity.decimal.text(demand.storageMilli)) storage,"
        + " \(Quantity.decimal.text(demand.networkMilli)) network"
    }
  }
}
