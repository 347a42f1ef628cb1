public import Interfaces
public import Model
public import Planning
public import Reconciliation

/// What is to become of a decision.
public enum Ruling: Sendable {
  case refuse(PlanningRefusal)
  /// It says what is current already.
  case keep(Assignment, [ClusterSpec])
  case adopt(Adoption, Scope)

  /// A plan that breaks a gate is refused; one that decides nothing new needs no adoption.
  public init(_ decision: Decision, over stored: StoredState, at now: Timestamp) {
    let plan = decision.plan
    let scope = decision.scope
    if let gate = plan.brokenGates.first {
      let findings = gate.findings.joined(separator: "; ")
      self = .refuse(PlanningRefusal("gate '\(gate.gate)' refuses the plan: \(findings)"))
    } else if let current = stored.target, plan.changes.isEmpty,
      plan.target.saysTheSame(as: current)
    {
      self = .keep(Assignment(current, stored, scope.desired), scope.clusters)
    } else {
      self = .adopt(
        Adoption(
          target: plan.target, plan: plan.id, manifests: decision.manifests,
          prices: decision.prices, summary: decision.summary, at: now), scope)
    }
  }
}

/// What comes back to the reconciler's owner.
public enum Message: Sendable {
  case event(Reconciler.Event)
  /// A plan was made and its target, or one that says the same, is current.
  case decided(Assignment, [ClusterSpec])

  /// The answer to an adoption that `request` led to, with what is stored after it. A loop plans once
  /// more where another target became current meanwhile; who carries out one decision was overtaken.
  public init(
    _ outcome: AdoptionOutcome, of target: Target, for request: PlanRequest,
    _ stored: StoredState, _ scope: Scope
  ) {
    switch outcome {
    case .stale where request.basis != nil: self = .event(.superseded)
    case .stale: self = .event(.planFailed("another plan was adopted meanwhile"))
    case .adopted:
      self = .decided(Assignment(target, stored, scope.desired), scope.clusters)
    }
  }

  /// The answer to a record; nil where it was kept.
  public init(recorded problem: StoreError?) {
    switch problem {
    case nil: self = .event(.recorded)
    case .superseded: self = .event(.superseded)
    case .busy(_)?, .diskFull(_)?, .newer(_, _, _)?, .corrupt(_, _)?, .unreadable(_, _)?,
      .leaseLost(_)?:
      self = .event(.recordFailed(problem?.wording ?? ""))
    }
  }
}

extension Assignment {
  public init(_ target: Target, _ stored: StoredState, _ desired: DesiredState) {
    self.init(
      target: target, desired: desired, openIntents: stored.openIntents, done: stored.done,
      recent: stored.recent)
  }
}

extension Target {
  /// Whether only the parent differs: a plan that decides nothing new needs no adoption.
  func saysTheSame(as other: Target) -> Bool {
    desired == other.desired && decides(as: other)
  }
}
