import Execution
import Interfaces
import Model
import Planning
import Reconciliation
import SQLiteStore
import Simulation

/// How processes begin and keep their turn, as `setpoint run` and `setpoint apply` do.
extension Trial {
  /// How long a lease lasts, and how often it is prolonged; those of `setpoint run`.
  private static let leaseTime = Seconds(30)
  private static let renewalTime = Seconds(10)

  mutating func start(_ index: Int) {
    controllers[index].startAt = nil
    switch controllers[index].role {
    case .run: startRun(index)
    case .apply(let number): startApply(number, index)
    }
  }

  /// A run that can't begin is tried again by whoever started it.
  private mutating func startRun(_ index: Int) {
    let again = world.now + Seconds(5)
    controllers[index].life += 1
    do throws(StoreError) {
      guard try claim(index) == .granted else {
        controllers[index].startAt = again
        return
      }
      let stored = try controllers[index].state.current()
      guard let text = stored.manifests, let wish = library.wish(storedAs: text) else {
        controllers[index].state = StateDatabase(sharing: disk)
        controllers[index].startAt = again
        try releaseLease(index)
        return
      }
      controllers[index].renewAt = world.now + Self.renewalTime
      begin(index, .forever, stored, wish)
    } catch {
      controllers[index].die(disk, startAt: again)
    }
  }

  private mutating func releaseLease(_ index: Int) throws(StoreError) {
    var other = StateDatabase(sharing: disk)
    if try other.claim(lease(index), at: realTime(index)) == .granted { try other.release() }
  }

  mutating func begin(
    _ index: Int, _ mode: Reconciler.Mode, _ stored: StoredState, _ wish: Wish
  ) {
    controllers[index].subject = Reconciler(
      mode: mode, limits: strategies.limits, diff: strategies.diff)
    controllers[index].clusters = wish.desired.clusters
    controllers[index].outcome = nil
    deliver(.event(.watch(wish.desired.clusters.map(\.name))), to: index)
    guard let target = stored.target, controllers[index].subject != nil else { return }
    var assignment = Assignment(target, stored, wish.desired)
    if !strategies.remembers { assignment.openIntents = [] }
    deliver(.event(.adopted(assignment)), to: index)
  }

  /// Prolongs the turn; whoever sees that another has it leaves.
  mutating func renew(_ index: Int) {
    controllers[index].renewAt = world.now + Self.renewalTime
    do throws(StoreError) {
      guard case .held = try claim(index), strategies.heedsLoss else { return }
      controllers[index].renewAt = nil
      deliver(.event(.stopRequested), to: index)
    } catch {
      note("\(index)", "keeps waiting for its lease")
    }
  }

  private func lease(_ index: Int) -> Lease {
    Lease(holder: controllers[index].name, end: realTime(index) + Self.leaseTime)
  }

  private func realTime(_ index: Int) -> Timestamp { world.now + controllers[index].skew }

  private mutating func claim(_ index: Int) throws(StoreError) -> LeaseOutcome {
    let fault = fault(at: .claim)
    if fault == .crashBefore {
      kill(index)
      throw .busy(path: "state.db")
    }
    try refuse(fault)
    var state = controllers[index].state
    let outcome = try state.claim(lease(index), at: realTime(index))
    if strategies.isFenced { controllers[index].state = state }
    if outcome == .granted { judge.leaseHolder = controllers[index].name }
    note("\(index)", outcome == .granted ? "has the lease" : "waits for the lease")
    if fault == .crashAfter {
      kill(index)
      throw .busy(path: "state.db")
    }
    try doubt(fault)
    return outcome
  }

  /// What the store says in place of doing it.
  func refuse(_ fault: Fault?) throws(StoreError) {
    switch fault {
    case .storeBusy: throw .busy(path: "state.db")
    case .storeFull: throw .diskFull(path: "state.db")
    case .storeBroken: throw .unreadable(path: "state.db", detail: "disk I/O error")
    default: return
    }
  }

  /// What the store says after doing it.
  func doubt(_ fault: Fault?) throws(StoreError) {
    if fault == .storeDoubtful { throw .unreadable(path: "state.db", detail: "disk I/O error") }
  }
}
