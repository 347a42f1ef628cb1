import Model

/// How a service is exchanged, the first that works: each needs less from the fleet than the one before
/// it asks of the service, or more room.
enum Way: Int {
  /// In the room that its older replicas leave.
  case inFreedRoom
  /// Beside its older replicas, which keep their room until their successors are ready.
  case beside
  /// In the room that is left when all others are through: nobody waits for it to go on.
  case afterOthers
  /// Not at all for now: the older replicas stay.
  case held
  /// A gang that can't stay as it is either, since others have a better claim to its room: it goes,
  /// whatever becomes of it.
  case displaced

  var isOpen: Bool { rawValue < Way.held.rawValue }

  var next: Way { Way(rawValue: rawValue + 1) ?? .displaced }
}

/// Whose turn it is to be exchanged, round by round.
struct Turns {
  private(set) var open: [WorkloadName: Way]
  /// Those whose turn comes when nothing more comes of the others.
  private var later: [WorkloadName: Way]
  private var isSecondTry = false

  init(_ ways: [WorkloadName: Way]) {
    open = ways.filter { $0.value == .inFreedRoom || $0.value == .beside }
    later = ways.filter { $0.value == .afterOthers }
  }

  /// Whether there is another round after one in which all but `failed` were done.
  mutating func go(on failed: Set<WorkloadName>) -> Bool {
    let isProgress = failed.count < open.count
    open = open.filter { failed.contains($0.key) }
    if isProgress || !failed.isEmpty && !isSecondTry {
      isSecondTry = !isProgress
      return true
    }
    guard !later.isEmpty else { return false }
    open.merge(later) { first, _ in first }
    later = [:]
    isSecondTry = false
    return true
  }
}
