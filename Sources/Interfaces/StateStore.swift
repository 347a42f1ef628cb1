public import Model
public import Planning

/// What Setpoint remembers: desired revisions, targets, the journal and events.
public protocol StateStore: Sendable {
  /// What is current; nil parts where nothing was ever adopted.
  func current() async throws(StoreError) -> StoredState

  /// Makes `adoption.target` current, only if its parent still is: the one point where racing planners
  /// meet. Revision, target and events are committed together or not at all.
  func adopt(_ adoption: Adoption) async throws(StoreError) -> AdoptionOutcome

  /// Appends to the journal and the events in one transaction.
  ///
  /// An intent of a target that is not current is refused as `superseded`, and all else in the call
  /// with it: whoever was overtaken, or slept through it, starts nothing any more.
  func record(_ entries: [JournalEntry], events: [Event]) async throws(StoreError)

  /// The newest `limit` events, oldest first.
  func events(limit: Int) async throws(StoreError) -> [Event]

  /// The newest `limit` adoptions, newest first.
  func history(limit: Int) async throws(StoreError) -> [RevisionRecord]

  /// Makes `lease.holder` the only one that keeps the world, until the lease ends; the same holder's
  /// next call prolongs it. Refused while another holder's lease lasts: whoever died is waited for
  /// until then. Times are real ones, whatever clock the world lives by.
  ///
  /// From the first lease on, this store adopts targets and records intents only while the lease is
  /// its own.
  func claim(_ lease: Lease, at now: Timestamp) async throws(StoreError) -> LeaseOutcome

  /// Ends the lease that was claimed here, if there is one.
  func release() async throws(StoreError)
}

/// What is current.
public struct StoredState: Hashable, Sendable {
  /// All desired objects as canonical manifests; nil before the first apply.
  public var manifests: String?
  /// The price files that they were adopted with, sorted by cluster.
  public var prices: [ClusterPrices]
  public var target: Target?
  /// Intents without an outcome: nobody knows whether they happened.
  public var openIntents: [JournalEntry]
  /// Of the creations and starts that the current target asks for, those that were carried out once:
  /// what is gone of them was taken by the world and is not merely late.
  public var done: [JournalEntry]
  /// The newest entries of the journal, oldest first; at most 256.
  public var recent: [JournalEntry]
  /// Objects that are left as they are; sorted by object.
  public var paused: [PausedObject]

  public init(
    manifests: String? = nil, prices: [ClusterPrices] = [], target: Target? = nil,
    openIntents: [JournalEntry] = [], done: [JournalEntry] = [], recent: [JournalEntry] = [],
    paused: [PausedObject] = []
  ) {
    self.manifests = manifests
    self.prices = prices
    self.target = target
    self.openIntents = openIntents
    self.done = done
    self.recent = recent
    self.paused = paused
  }
}

extension StoredState {
  /// When each of them was, as planning asks for it.
  public var doneAt: [ActionID: Timestamp] {
    Dictionary(done.map { ($0.action, $0.at) }, uniquingKeysWith: max)
  }
}

/// A plan's decision with what led to it.
public struct Adoption: Hashable, Sendable {
  public var target: Target
  public var plan: PlanID
  /// All desired objects as canonical manifests.
  public var manifests: String
  /// The price files of clusters that have one, sorted by cluster.
  public var prices: [ClusterPrices]
  /// The plan's summary line, for the history.
  public var summary: String
  public var at: Timestamp
  /// Told with the adoption itself: which gates were overridden, and why.
  public var events: [Event]

  public init(
    target: Target, plan: PlanID, manifests: String, prices: [ClusterPrices] = [],
    summary: String, at: Timestamp, events: [Event] = []
  ) {
    self.target = target
    self.plan = plan
    self.manifests = manifests
    self.prices = prices
    self.summary = summary
    self.at = at
    self.events = events
  }
}

public enum AdoptionOutcome: Hashable, Sendable {
  case adopted
  /// Another target is current by now; this one was not made so.
  case stale(current: TargetID?)
}

/// The right to keep the world alone, for a time.
public struct Lease: Hashable, Sendable {
  /// Names one process among all that there ever were.
  public var holder: String
  public var end: Timestamp

  public init(holder: String, end: Timestamp) {
    self.holder = holder
    self.end = end
  }
}

public enum LeaseOutcome: Hashable, Sendable {
  case granted
  /// Somebody else's lasts.
  case held(Lease)
}

/// Why the state could not be read or written.
public enum StoreError: Error, Hashable, Sendable {
  /// Another process holds the file.
  case busy(path: String)
  case diskFull(path: String)
  /// Written by a newer release, which this one must not touch.
  case newer(path: String, version: Int, supported: Int)
  case corrupt(path: String, detail: String)
  case unreadable(path: String, detail: String)
  /// An intent of a target that is not current any more.
  case superseded(by: TargetID?)
  /// An intent or an adoption of somebody whose lease ended and went to another holder.
  case leaseLost(to: String)
}
