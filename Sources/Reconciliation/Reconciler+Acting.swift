import Model
import Planning

/// From a chosen action to its outcome: intent, record, call, outcome, record.
extension Reconciler {
  /// Chooses what is started now: ready actions as far as the limits allow, none while the state can't
  /// be written or another plan is on its way, and none before every cluster was looked at: what comes
  /// in one may wait for what goes in another.
  mutating func startActions(at now: Timestamp) {
    guard let assignment, planning.allowsActions(at: now), (outbox.notBefore ?? now) <= now,
      watches.values.allSatisfy({ $0.observation != nil || $0.failures > 0 }),
      !mode.plansFirst || planning.plannedAt != nil || planning.problem != nil
    else { return }
    while calls.count < limits.callsMax, let next = nextReady(at: now) {
      let id = next.item.id
      calls[id] = Call(action: next.item.action, key: next.key, phase: .intended)
      agenda.untouched.remove(id)
      outbox.entries.append(
        JournalEntry(
          key: next.key, action: id, target: assignment.target.id, at: now, event: .intent))
    }
  }

  /// The calls whose intents are on disk; after a request to stop, none is made any more.
  mutating func callsDue(at now: Timestamp) -> [Effect] {
    var effects: [Effect] = []
    for id in calls.keys.sorted() {
      guard var call = calls[id], call.phase == .recorded else { continue }
      if isStopping || isSuperseded {
        calls[id] = nil
        note(.failed(.transient("stopped before the call")), of: call, at: now)
      } else {
        call.phase = .applying
        calls[id] = call
        effects.append(.apply(call.action, call.key))
      }
    }
    return effects
  }

  mutating func succeeded(_ id: ActionID, at now: Timestamp) {
    guard let call = calls.removeValue(forKey: id) else { return }
    answered(nil, by: call.action.step.cluster, at: now)
    let attempt = Attempt(serial: touch(call.action.step.cluster), doneAt: now)
    attempts[call.key] = attempt
    openIntents[call.key] = nil
    if let due = attempt.shows(by: limits) { agenda.noteDone(until: due) }
    note(.done, of: call, at: now)
    outbox.happenings.append(.took(call.action))
  }

  mutating func failed(_ id: ActionID, _ failure: Failure, at now: Timestamp) {
    guard let call = calls.removeValue(forKey: id) else { return }
    answered(failure, by: call.action.step.cluster, at: now)
    var attempt = attempts[call.key] ?? Attempt()
    attempt.failures += 1
    attempt.failure = failure
    attempt.serial = touch(call.action.step.cluster)
    attempt.notBefore =
      now
      + Backoff.pause(
        after: attempt.failures, of: call.key.text, min: limits.backoffMin, max: limits.backoffMax)
    switch failure {
    case .transient: giveUpAtLast(&attempt)
    case .terminal: attempt.hasGivenUp = true
    case .conflict: planning.want(.conflict(id))
    case .outOfStock(let type, let capacity, let zone):
      let stockOut = StockOut(
        cluster: call.action.step.cluster, instanceType: type, capacityType: capacity, zone: zone)
      stockOuts[stockOut] = now + limits.stockOutFor
      planning.want(.outOfStock(id))
    case .unknown: giveUpAtLast(&attempt)
    }
    attempts[call.key] = attempt
    record(failure, of: call, gaveUp: attempt.hasGivenUp, at: now)
    refreshAgenda(at: now)
  }

  /// An unknown outcome is no outcome: its intent stays open until a look settles it.
  private mutating func record(_ failure: Failure, of call: Call, gaveUp: Bool, at now: Timestamp) {
    if case .unknown = failure {
      if let assignment {
        openIntents[call.key] = JournalEntry(
          key: call.key, action: call.action.id, target: assignment.target.id, at: now,
          event: .intent)
      }
    } else {
      openIntents[call.key] = nil
      note(.failed(failure), of: call, at: now)
    }
    outbox.happenings.append(
      gaveUp ? .gaveUp(call.action, failure) : .failed(call.action, failure))
  }

  private func giveUpAtLast(_ attempt: inout Attempt) {
    attempt.hasGivenUp = mode != .forever && attempt.failures >= limits.attemptsMax
  }

  /// Counts an outcome in this cluster: what was asked for before does not show it.
  private mutating func touch(_ cluster: ClusterName) -> Int {
    serial += 1
    watches[cluster]?.touchedSerial = serial
    return serial
  }

  private mutating func note(_ event: JournalEntry.Event, of call: Call, at now: Timestamp) {
    guard let assignment else { return }
    outbox.entries.append(
      JournalEntry(
        key: call.key, action: call.action.id, target: assignment.target.id, at: now, event: event))
  }

  /// Settles intents that may have happened, once every cluster was looked at after them: what is not
  /// asked for any more was done, or is not wanted by this target.
  mutating func closeOpenIntents(at now: Timestamp) {
    guard let assignment, !openIntents.isEmpty, watches.values.allSatisfy(\.isFresh) else { return }
    let remaining = Set(agenda.remaining.map(\.id))
    for key in openIntents.keys.sorted(by: { $0.text < $1.text }) {
      guard var entry = openIntents[key], !remaining.contains(entry.action),
        calls[entry.action] == nil
      else { continue }
      let isOfThisTarget = entry.target == assignment.target.id
      entry.event = isOfThisTarget ? .done : .failed(.unknown("not wanted any more"))
      entry.at = now
      outbox.entries.append(entry)
      openIntents[key] = nil
      if isOfThisTarget { attempts[key, default: Attempt()].doneAt = now }
    }
  }
}
