import Digests
import Interfaces
import Model
import SQLiteStore
import SimulatedProvider

/// Sets aside what `setpoint run` died over again and again.
///
/// A process that traps can't catch it: it is started again, reads the same manifests and dies the same
/// death, and all else that it keeps dies with it. So work on manifests is noted in the state before it
/// begins and struck out when it ends, well or badly; what was begun so often without an end is not
/// begun any more until it changes, and the rest goes on.
struct Quarantine: Sendable {
  let store: SQLiteStore
  let clock: SessionClock

  /// Deaths after which something is set aside: one may be a power cut, two bad luck.
  static let crashesMax = 3

  static func planning(_ wishes: Digest) -> String { "planning of \(wishes.short)" }

  static func reading(_ mark: String) -> String { "reading of \(mark)" }

  /// Notes that `subject` is begun, or says that it is set aside; that is recorded once.
  func begin(_ subject: String) async throws(Trouble) {
    let now = await clock.now()
    do throws(StoreError) {
      let known = try await store.inFlight().first { $0.subject == subject }
      let crashes = known?.count ?? 0
      if crashes <= Self.crashesMax { _ = try await store.begin(subject, at: now) }
      guard crashes >= Self.crashesMax else { return }
      if crashes == Self.crashesMax {
        let event = Event(
          at: now, subject: subject, reason: "Quarantined",
          message: "it was under way at \(crashes) crashes, and is set aside until it changes")
        try await store.record([], events: [event])
      }
    } catch {
      throw .state(error)
    }
    throw .problem(StateWording.quarantined(subject))
  }

  /// Whether anything is noted of it.
  func holds(_ subject: String) async throws(Trouble) -> Bool {
    do throws(StoreError) {
      return try await store.inFlight().contains { $0.subject == subject }
    } catch {
      throw .state(error)
    }
  }

  /// Notes that it came to an end, whichever.
  func end(_ subject: String) async throws(Trouble) {
    do throws(StoreError) { try await store.end(subject) } catch { throw .state(error) }
  }

  /// `work` between the two.
  func around<Value>(
    _ subject: String, _ work: () async throws(Trouble) -> Value
  ) async throws(Trouble) -> Value {
    try await begin(subject)
    let result: Result<Value, Trouble>
    do throws(Trouble) { result = .success(try await work()) } catch { result = .failure(error) }
    try await end(subject)
    return try result.get()
  }
}

extension Session {
  var quarantine: Quarantine { Quarantine(store: store, clock: clock) }
}
