public import Manifests
public import Model

/// What manifests could say otherwise, and what that comes to; each of it planned with.
public struct Advice: Sendable {
  /// Changes that were taken, in the order in which they were: each was planned on top of those before
  /// it, so that what they save adds up.
  public var taken: [Taken]
  /// Changes that leave room on nodes which stay all the same.
  public var idle: [Proposal]
  public var refused: [Refused]
  /// What the manifests come to as they are, and with all that was taken.
  public var base: Settlement
  public var after: Settlement
  /// Proposals that nobody looked at, since there were too many.
  public var passedOver: Int

  /// None, on what the manifests come to as they are.
  public init(_ base: Settlement) {
    (taken, idle, refused, passedOver) = ([], [], [], 0)
    self.base = base
    after = base
  }

  public var savingPerHour: Money { base.costPerHour - after.costPerHour }

  /// All that a patch changes.
  public var edits: [FieldEdit] { taken.flatMap(\.proposals).flatMap(\.edits) }

  public struct Taken: Hashable, Sendable {
    /// One, or several that save something only together.
    public var proposals: [Proposal]
    public var savingPerHour: Money
    /// What interruptions cost on the other side; nil where nobody knows how often there are any.
    public var lossPerHour: Money?
    /// Replicas that find room by it.
    public var placed: Int

    public init(
      _ proposals: [Proposal], savingPerHour: Money, lossPerHour: Money? = .zero, placed: Int = 0
    ) {
      self.proposals = proposals
      self.savingPerHour = savingPerHour
      self.lossPerHour = lossPerHour
      self.placed = placed
    }
  }

  public struct Refused: Hashable, Sendable {
    public var proposal: Proposal
    public var reason: Reason

    public init(_ proposal: Proposal, _ reason: Reason) {
      self.proposal = proposal
      self.reason = reason
    }
  }

  /// Why a change is not for the better.
  public enum Reason: Hashable, Sendable {
    /// It can't be written into the file, or what is written then is wrong.
    case uneditable(UneditableField)
    case unreadable(String)
    /// It would change more than it means to, such as what an anchor is used for elsewhere.
    case changesMore(String)
    case pending(WorkloadName, Int)
    case preempts(Int)
    case dearer(Money)
    case savesNothing
    case unpriced
    case exposed(WorkloadName)
    case endless(WorkloadName)
    /// Interruptions cost more than it saves.
    case interruptions(saving: Money, loss: Money)
    case trouble(Settlement.Trouble)
  }
}

/// Why edits don't come to manifests that could be planned with.
public struct Unplannable: Error, Hashable, Sendable {
  public var reason: Advice.Reason

  public init(_ reason: Advice.Reason) { self.reason = reason }
}
