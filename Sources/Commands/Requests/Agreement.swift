import Diagnostics
import Digests
import Manifests
import Model
import Planning

/// What whoever applies a plan agrees to: by flags, or when asked.
struct Agreement: Sendable {
  /// Whether nobody needs to be asked.
  var isConfirmed = false
  /// Names of gates that the plan may break, and why.
  var overrides: [String] = []
  var reason = ""
  /// The id of the plan whose deletions are agreed to.
  var consent: String?
  /// Objects whose deletion was asked for by name.
  var named: Set<ObjectID> = []

  /// The gates that `plan` breaks and that are not overridden.
  func gatesInTheWay(_ plan: Plan, among gates: [GateSpec]) throws(Trouble) -> [GateName] {
    let known = gates.map(\.name.text)
    for gate in overrides where !known.contains(gate) {
      throw .problem(ApplyWording.unknownGate(gate, among: known))
    }
    return plan.gatesBroken.filter { !overrides.contains($0.text) }
  }

  /// The overridden gates that `plan` does break, as events.
  func events(_ plan: Plan, at now: Timestamp) -> [Event] {
    plan.gatesBroken.filter { overrides.contains($0.text) }.map { gate in
      let findings = plan.brokenGates.filter { $0.gate == gate }.flatMap(\.findings)
      return Event(
        at: now, subject: "Gate/\(gate)", reason: "Overridden",
        message: "plan \(plan.id), since: \(reason) (\(findings.joined(separator: "; ")))")
    }
  }

  /// What the history says of overrides behind a plan's summary; empty where there were none.
  func note(_ plan: Plan) -> String {
    let gates = plan.gatesBroken.filter { overrides.contains($0.text) }
    guard !gates.isEmpty else { return "" }
    let names = gates.map { "'\($0)'" }.joined(separator: ", ")
    return " · overrides \(names): \(reason)"
  }

  /// Whether `plan` may be carried out, asking where somebody can answer.
  func isGiven(to plan: Plan, over before: DesiredState, _ terminal: Terminal)
    throws(Trouble) -> Bool
  {
    let grave = plan.graveDeletions(before: before, named: named)
    if !grave.isEmpty, !isConsent(to: plan) {
      guard !isConfirmed, consent == nil, terminal.canAsk else {
        throw .problem(ApplyWording.needsConsent(grave, plan.id, given: consent))
      }
      let what = grave.map(ApplyWording.text).joined(separator: ", ")
      return terminal.ask("\nThis plan deletes \(what). Apply it?", expecting: "\(plan.id)")
    }
    if isConfirmed { return true }
    guard terminal.canAsk else { throw .problem(ApplyWording.notConfirmed()) }
    return terminal.ask("\nApply this plan?", expecting: "yes")
  }

  func isConsent(to plan: Plan) -> Bool {
    consent == "\(plan.id)" || consent == plan.id.digest.hex
  }
}

extension Plan {
  /// The names of gates that it breaks, each once.
  fileprivate var gatesBroken: [GateName] {
    Set(brokenGates.map(\.gate)).sorted()
  }
}
