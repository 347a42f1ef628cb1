public import Execution
public import Interfaces
import Model
public import Planning
public import Reconciliation

/// The production code that a trial runs, each part where another one can be put in its place: so that
/// mistakes can be planted and the judges be judged.
public struct Strategies: Sendable {
  public var plan: @Sendable (PlanningInput) -> Plan = { Planner.plan($0) }
  public var audit: @Sendable (Plan, PlanningInput) -> [Violation] = { PlanAudit.check($0, $1) }
  public var diff: Reconciler.Diff = { Differ.actions(toward: $0, desired: $1, from: $2) }
  public var limits = ReconcilerLimits()
  /// What the driver makes of an effect before it carries it out.
  public var effect: @Sendable (Reconciler.Effect) -> [Reconciler.Effect] = { [$0] }
  /// What the driver tells the reconciler.
  public var message: @Sendable (Message) -> Message = { $0 }
  /// What becomes of an adoption at the moment when this target is current.
  public var adoption: @Sendable (Adoption, TargetID?) -> Adoption = { adoption, _ in adoption }
  /// Whether what a process does is bound by its lease.
  public var isFenced = true
  /// Whether a process that lost its lease leaves.
  public var heedsLoss = true
  /// Whether what is left is asked of the store when a process starts.
  public var remembers = true
  /// Whether a trial's trace is whole and tells what every plan saw and chose. It changes no digest.
  public var tells = false

  public init() {}
}
