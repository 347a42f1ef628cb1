import Model
import Planning

/// The journal: one record under way at a time, each committed as a whole.
extension Reconciler {
  mutating func recordDue(at now: Timestamp) -> [Effect] {
    guard outbox.sent == nil, !outbox.isEmpty, (outbox.notBefore ?? now) <= now else { return [] }
    let sent = (outbox.entries, outbox.happenings)
    outbox.sent = sent
    outbox.entries = []
    outbox.happenings = []
    return [.record(sent.0, sent.1)]
  }

  mutating func recorded() {
    guard let sent = outbox.sent else { return }
    outbox = Outbox(entries: outbox.entries, happenings: outbox.happenings)
    for entry in sent.entries where entry.event == .intent {
      calls[entry.action]?.phase = .recorded
    }
  }

  /// Nothing was kept: outcomes are told again later, intents are forgotten, since nothing came of them.
  mutating func recordFailed(_ detail: String, at now: Timestamp) {
    putBack()
    outbox.failures += 1
    outbox.problem = detail
    outbox.notBefore =
      now
      + Backoff.pause(
        after: outbox.failures, of: "record", min: limits.backoffMin, max: limits.backoffMax)
    refreshAgenda(at: now)
  }

  /// Somebody else decided otherwise: the loop plans again from what they decided, a run ends.
  mutating func superseded(at now: Timestamp) {
    putBack()
    switch mode {
    case .forever:
      planning.answered.remove(.superseded)
      planning.want(.superseded)
    case .exactly, .untilConverged, .planningFirst: isSuperseded = true
    }
    refreshAgenda(at: now)
  }

  private mutating func putBack() {
    guard let sent = outbox.sent else { return }
    outbox.sent = nil
    let unsent = sent.entries + outbox.entries
    for entry in unsent where entry.event == .intent {
      // Its provider is not asked: a call that was to try whether it answers again tries nothing.
      guard let call = calls.removeValue(forKey: entry.action) else { continue }
      throttles[call.action.step.cluster]?.giveBack()
    }
    outbox.entries = unsent.filter { $0.event != .intent }
    outbox.happenings = sent.happenings + outbox.happenings
  }
}
