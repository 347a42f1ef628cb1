public import Catalog
public import Model
public import Planning

/// What a forecast is asked for: a state of things, and what is assumed of it.
public struct Question: Sendable {
  /// What people want, with whatever is assumed of it.
  public var desired: DesiredState
  /// What was adopted last; empty where nothing was.
  public var before: DesiredState
  public var previous: Target?
  /// Of the creations and starts of `previous`, those that were carried out.
  public var done: [JournalEntry]
  public var observed: ObservedState
  public var catalogs: [ClusterName: Catalog]
  public var now: Timestamp
  public var losses: [TimedLoss]
  public var load: LoadCurve
  /// The offsets of all time zones that schedules name, over the whole time.
  public var zones: [String: ZoneOffsets]
  /// Nil: until nothing happens any more.
  public var length: Seconds?
  /// Whether plans that break a gate are carried out all the same.
  public var ignoresGates: Bool

  /// A month of virtual time, beyond which nobody knows the load anyway.
  public static let lengthMax = Seconds.hours(744)
  /// Where it never gets quiet, it ends after a day.
  public static let untilQuietMax = Seconds.hours(24)

  public init(
    desired: DesiredState, before: DesiredState, previous: Target? = nil,
    done: [JournalEntry] = [], observed: ObservedState, catalogs: [ClusterName: Catalog],
    now: Timestamp, losses: [TimedLoss] = [], load: LoadCurve = LoadCurve(),
    zones: [String: ZoneOffsets] = [:], length: Seconds? = nil,
    ignoresGates: Bool = false
  ) {
    self.desired = desired
    self.before = before
    self.previous = previous
    self.done = done
    self.observed = observed
    self.catalogs = catalogs
    self.now = now
    self.losses = losses
    self.load = load
    self.zones = zones
    self.length = length
    self.ignoresGates = ignoresGates
  }
}

extension Question {
  /// What people want so long after the start: the manifests, with the load of that moment.
  func wanted(at offset: Seconds) -> DesiredState {
    var state = desired
    for index in state.workloads.indices {
      switch load.load(of: state.workloads[index].name, at: offset) {
      case .range(let range): state.workloads[index].replicas = .range(range)
      case .demand(let demand): state.workloads[index].replicas = .demand(demand)
      case .measured, nil: break
      }
    }
    return state
  }

  /// The first of the losses at the start that hits nothing, and what is seen without the others.
  public func withoutLost() -> (observed: ObservedState, nothing: Loss?) {
    var rest = observed
    for loss in losses where loss.at == .zero {
      guard let next = rest.losing(loss.loss) else { return (rest, loss.loss) }
      rest = next
    }
    return (rest, nil)
  }
}
