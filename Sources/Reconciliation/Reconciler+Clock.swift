import Model
import Planning

extension Reconciler {
  /// A clock that is set back must not make anything wait until it has caught up: all that was noted
  /// goes back with it, pauses keep their lengths, and what is past stays as long ago as it was.
  mutating func follow(_ now: Timestamp) {
    defer { clock = now }
    guard let clock, now < clock else { return }
    let jump = clock - now
    for cluster in watches.keys {
      watches[cluster]?.askedAt.moveBack(by: jump)
      watches[cluster]?.seenAt.moveBack(by: jump)
      watches[cluster]?.notBefore.moveBack(by: jump)
    }
    for key in attempts.keys {
      attempts[key]?.notBefore.moveBack(by: jump)
      attempts[key]?.doneAt.moveBack(by: jump)
    }
    for stockOut in stockOuts.keys { stockOuts[stockOut].moveBack(by: jump) }
    pace.moveBack(by: jump)
    agenda.nextDue.moveBack(by: jump)
    outbox.notBefore.moveBack(by: jump)
    planning.plannedAt.moveBack(by: jump)
    planning.notBefore.moveBack(by: jump)
    progressAt.moveBack(by: jump)
    lastWake.moveBack(by: jump)
  }
}

extension Timestamp? {
  fileprivate mutating func moveBack(by jump: Seconds) {
    self = map { Timestamp(seconds: $0.seconds.subtractingSaturated(jump.count)) }
  }
}
