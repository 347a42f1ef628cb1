import Autoscaling
import Balancing
import Execution
import Interfaces
import Model
import Planning
import SQLiteStore

extension KeepersTurn {
  /// Has the autoscaler look for as long as the turn lasts; each element that goes into `change` asks
  /// for a plan with other numbers.
  func scale(_ change: AsyncStream<Void>.Continuation) async {
    var told: [WorkloadName: String] = [:]
    await look(every: Autoscaler.interval) { () throws(Trouble) in
      if try await scaleOnce() { change.yield() }
      try await tell(
        await session.scaler.troubles, &told, "Load", unknown: "its number of replicas stays")
    }
  }

  /// Has the idle watch look for as long as the turn lasts; who comes to be idle, or is not any more, is
  /// an event, and a reason to plan.
  func watchIdle(_ change: AsyncStream<Void>.Continuation) async {
    await look(every: IdleWatch.interval) { () throws(Trouble) in
      if try await watchIdleOnce() { change.yield() }
    }
  }

  /// Has what replicas have to do measured for as long as the turn lasts.
  func measureEndpoints(_ loads: AsyncStream<EndpointLoads>.Continuation) async {
    var told: [WorkloadName: String] = [:]
    await look(every: LoadWatch.interval) { () throws(Trouble) in
      let desired = try wanted.request(over: try await session.current()).desired
      for heard in await session.loadWatch.look(at: desired) { loads.yield(heard) }
      try await tell(
        await session.loadWatch.troubles, &told, "EndpointLoad",
        unknown: "its requests are divided by what replicas hold")
    }
  }

  /// A look that fails is told, and the next one is made all the same.
  private func look(every interval: Seconds, _ once: () async throws(Trouble) -> Void) async {
    while !Task.isCancelled {
      do throws(Trouble) { try await once() } catch { terminal.complain(error) }
      await session.clock.wait(until: await session.clock.now() + interval)
    }
  }

  func watchIdleOnce() async throws(Trouble) -> Bool {
    let request = try wanted.request(over: try await session.current())
    let before = await session.idleWatch.idle
    guard await session.idleWatch.look(at: request.desired) else { return false }
    let after = await session.idleWatch.idle
    let now = await session.clock.now()
    let names = Set(before.keys).symmetricDifference(after.keys).sorted()
    try await record(
      names.map { name in
        Event(
          at: now, subject: "workload \(name)", reason: after[name] == nil ? "Busy" : "Idle",
          message: after[name].map { "it does next to nothing since \($0)" }
            ?? "it is not idle any more, or not known to be")
      })
    return true
  }

  /// Whether the autoscaler wants other numbers than were decided on.
  func scaleOnce() async throws(Trouble) -> Bool {
    let stored = try await session.current()
    let request = try wanted.request(over: stored)
    var counts: [WorkloadName: Int] = [:]
    for replica in stored.target?.replicas ?? [] { counts[replica.id.workload, default: 0] += 1 }
    return await session.scaler.look(at: request.desired, counts: counts)
  }

  /// Each trouble, and its end, is an event of its own.
  private func tell(
    _ troubles: [WorkloadName: String], _ told: inout [WorkloadName: String], _ reason: String,
    unknown: String
  ) async throws(Trouble) {
    guard troubles != told else { return }
    let now = await session.clock.now()
    let names = Set(troubles.keys).union(told.keys).sorted()
    let events = names.filter { troubles[$0] != told[$0] }.map { name in
      Event(
        at: now, subject: "workload \(name)",
        reason: reason + (troubles[name] == nil ? "Known" : "Unknown"),
        message: troubles[name].map { "\($0); \(unknown)" }
          ?? "its load is known again")
    }
    told = troubles
    try await record(events)
  }

  private func record(_ events: [Event]) async throws(Trouble) {
    do throws(StoreError) { try await session.store.record([], events: events) } catch {
      throw .state(error)
    }
  }
}
