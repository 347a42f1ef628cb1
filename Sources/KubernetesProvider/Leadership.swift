import HTTP
import JSON
public import Model
public import Planning
import Synchronization

/// Which of several processes leads: the one whose name stands in a Lease of the API server and is
/// renewed there, as controllers of Kubernetes' own have it.
///
/// How long others' leases last is counted from when a change of them was seen, and how long one's own
/// does from before it was asked for, so that clocks need not agree. Whoever could not renew for
/// `renewsWithin` leads no more, and that is less than others wait: two never lead at once, as long as
/// their clocks run alike.
public final class Leadership: Sendable {
  private let way: Way
  private let path: String
  private let namespace: String
  private let name: String
  public let identity: String
  private let surroundings: Surroundings
  /// Time that only goes forward, also while the machine sleeps.
  private let elapsed: @Sendable () -> Duration
  private let state = Mutex(State())

  private struct State {
    /// As it was seen last, and when that was seen first.
    var seen: LeaseRecord?
    var seenAt = Duration.zero
    /// Until when nobody else takes it.
    var leadsUntil: Duration?
  }

  public static let lasts = Seconds(15)
  private static let renewsWithin = Duration.seconds(10)
  private static let triesEvery = Seconds(2)

  /// The lease `name` in `namespace`, of the API server that `settings` name.
  public init(
    _ settings: KubernetesSettings, namespace: String, name: String, identity: String,
    _ surroundings: Surroundings, elapsed: @escaping @Sendable () -> Duration
  ) {
    var settings = settings
    // An answer that comes later is of no use.
    settings.timeout = min(settings.timeout, Seconds(5))
    way = Way(settings, surroundings)
    path = "/apis/coordination.k8s.io/v1/namespaces/\(Request.encoded(namespace))/leases"
    self.namespace = namespace
    self.name = name
    self.identity = identity
    self.surroundings = surroundings
    self.elapsed = elapsed
  }

  /// Whether this process leads at this moment.
  public var isHeld: Bool {
    let now = elapsed()
    return state.withLock { $0.leadsUntil.map { now < $0 } ?? false }
  }

  /// Returns as soon as this process leads, or false when the task was cancelled before. Tells whom it
  /// waits for, once for each. Throws what waiting does not mend.
  public func win(_ waits: @Sendable (String) -> Void) async throws(Failure) -> Bool {
    var told: String?
    while !Task.isCancelled {
      do throws(Failure) {
        if try await attempt(isRenewal: false) { return true }
        let holder = state.withLock { $0.seen?.holder ?? "" }
        if !holder.isEmpty, holder != told {
          waits(holder)
          told = holder
        }
      } catch {
        guard error.mayPass else { throw error }
      }
      await surroundings.wait(.seconds(Self.triesEvery.count))
    }
    return false
  }

  /// Renews it until the task is cancelled; returns why this process does not lead any more, where that
  /// comes first.
  public func hold() async -> String? {
    var trouble = "the lease could not be renewed in time"
    while !Task.isCancelled {
      await surroundings.wait(.seconds(Self.triesEvery.count))
      guard !Task.isCancelled else { return nil }
      do throws(Failure) {
        guard try await attempt(isRenewal: true) else {
          state.withLock { $0.leadsUntil = nil }
          let holder = state.withLock { $0.seen?.holder ?? "" }
          return "\(holder.isEmpty ? "nobody" : holder) leads by now"
        }
      } catch { trouble = "the lease can't be renewed: \(error)" }
      guard isHeld else { return trouble }
    }
    return nil
  }

  /// Gives it up, so that whoever waits need not wait for its end.
  public func release() async {
    let seen = state.withLock { state -> LeaseRecord? in
      state.leadsUntil = nil
      return state.seen
    }
    guard var record = seen, record.holder == identity else { return }
    record.holder = ""
    // An empty name is free at once; a second is the least that may stand there.
    record.seconds = 1
    do throws(Failure) { _ = try await put(record) } catch {
      // It ends by itself then.
      return
    }
  }

  // MARK: Requests

  /// Looks, and takes or renews it where that may be done; whether this process leads now. Who had it
  /// meanwhile may have done something else: what is only renewed is not taken again.
  func attempt(isRenewal: Bool) async throws(Failure) -> Bool {
    let before = elapsed()
    guard let record = try await look() else { return try await take(nil, at: before) }
    let isFree = state.withLock { state in
      if state.seen != record {
        state.seen = record
        state.seenAt = before
      }
      if record.holder == identity { return true }
      return !isRenewal
        && (record.holder.isEmpty || state.seenAt + .seconds(record.seconds) < before)
    }
    return isFree ? try await take(record, at: before) : false
  }

  private func take(_ old: LeaseRecord?, at moment: Duration) async throws(Failure) -> Bool {
    let now = surroundings.now()
    var record = old ?? LeaseRecord()
    if record.holder != identity {
      record.acquiredAt = now.description
      if old != nil { record.transitions += 1 }
    }
    record.holder = identity
    record.seconds = Self.lasts.count
    record.renewedAt = now.description
    guard let made = try await put(record) else { return false }
    state.withLock { state in
      state.seen = made
      state.seenAt = moment
      state.leadsUntil = moment + Self.renewsWithin
    }
    return true
  }

  private func look() async throws(Failure) -> LeaseRecord? {
    let answer = try await way.ask(.get, "\(path)/\(name)")
    if answer.status == 404 { return nil }
    guard answer.isSuccess else { throw Refusal(answer).failure(mayHaveHappened: false) }
    return try record(answer)
  }

  /// Writes it over what was seen; nil where somebody else was faster.
  private func put(_ record: LeaseRecord) async throws(Failure) -> LeaseRecord? {
    let body = record.json(namespace, name)
    let answer =
      record.version.isEmpty
      ? try await way.ask(.post, path, body: body)
      : try await way.ask(.put, "\(path)/\(name)", body: body)
    if answer.status == 409 { return nil }
    guard answer.isSuccess else { throw Refusal(answer).failure(mayHaveHappened: true) }
    return try self.record(answer)
  }

  private func record(_ answer: Answer) throws(Failure) -> LeaseRecord {
    do throws(JSONProblem) { return try LeaseRecord(answer.body) } catch {
      throw .transient("\(path)/\(name) can't be read: \(error)")
    }
  }
}

/// What stands in a Lease.
struct LeaseRecord: Hashable, Sendable {
  /// Empty for one that is yet to be made.
  var version = ""
  var holder = ""
  var seconds: Int64 = 0
  var transitions: Int64 = 0
  /// Moments of a clock of the holder's, for people.
  var acquiredAt = ""
  var renewedAt = ""

  init() {}

  init(_ body: [UInt8]) throws(JSONProblem) {
    var record = LeaseRecord()
    var reader = JSONReader(body)
    try reader.members { (name, reader) throws(JSONProblem) in
      switch name {
      case "metadata": record.version = try reader.meta().version
      case "spec":
        try reader.members { (name, reader) throws(JSONProblem) in
          switch name {
          case "holderIdentity": record.holder = try reader.text()
          case "leaseDurationSeconds": record.seconds = try reader.amount()
          case "leaseTransitions": record.transitions = try reader.amount()
          case "acquireTime": record.acquiredAt = try reader.text()
          case "renewTime": record.renewedAt = try reader.text()
          default: break
          }
        }
      default: break
      }
    }
    guard !record.version.isEmpty else {
      throw JSONProblem(offset: body.count, expected: "'resourceVersion'")
    }
    self = record
  }

  func json(_ namespace: String, _ name: String) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("apiVersion", "coordination.k8s.io/v1")
      json.member("kind", "Lease")
      json.member("metadata") { json in
        json.object { json in
          json.member("name", name)
          json.member("namespace", namespace)
          if !version.isEmpty { json.member("resourceVersion", version) }
        }
      }
      json.member("spec") { json in
        json.object { json in
          json.member("holderIdentity", holder)
          json.member("leaseDurationSeconds", seconds)
          json.member("leaseTransitions", transitions)
          json.member("acquireTime", Self.micros(acquiredAt))
          json.member("renewTime", Self.micros(renewedAt))
        }
      }
    }
    return json.bytes
  }

  /// The server reads no moment of these without its fraction of six digits.
  private static func micros(_ moment: String) -> String {
    moment.contains(".") ? moment : moment.replacing("Z", with: ".000000Z")
  }
}

extension Failure {
  /// Whether the same may be answered otherwise later.
  fileprivate var mayPass: Bool {
    switch self {
    case .transient, .conflict, .unknown: true
    case .terminal, .outOfStock: false
    }
  }
}
