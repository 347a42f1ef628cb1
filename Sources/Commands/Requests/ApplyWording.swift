import Diagnostics
import Model
import Planning

extension Code {
  static let applyNotConfirmed = Code("apply", "not-confirmed")
  static let applyGateBroken = Code("apply", "gate-broken")
  static let applyUnknownGate = Code("apply", "unknown-gate")
  static let applyNeedsConsent = Code("apply", "needs-consent")
}

/// Why a plan is not applied, in words.
enum ApplyWording {
  static func notConfirmed() -> Diagnostic {
    Diagnostic(
      .applyNotConfirmed, "nobody can be asked: standard input is no terminal", at: .invocation,
      help: "say --yes to apply without being asked")
  }

  static func gateBroken(_ gates: [GateName]) -> Diagnostic {
    Diagnostic(
      .applyGateBroken,
      "the plan breaks \(gates.count == 1 ? "gate" : "gates") "
        + gates.map { "'\($0)'" }.joined(separator: ", "), at: .invocation,
      help: "change the manifests so that it holds, or the gate itself; '--override GATE --reason"
        + " TEXT' passes a gate by once, for the record")
  }

  static func unknownGate(_ gate: String, among known: [String]) -> Diagnostic {
    let near = NearestName.suggest(gate, among: known)
    return Diagnostic(
      .applyUnknownGate, "there is no gate '\(gate)' to override", at: .invocation,
      help: near.map { "did you mean '\($0)'?" }
        ?? (known.isEmpty
          ? "the manifests declare no gate" : "the gates are \(known.joined(separator: ", "))"))
  }

  static func needsConsent(
    _ deletions: [GraveDeletion], _ plan: PlanID, given: String?
  ) -> Diagnostic {
    let other = given.map { "; --consent \($0) was given to another plan than \(plan)" } ?? ""
    return Diagnostic(
      .applyNeedsConsent,
      "the plan deletes \(deletions.map(text).joined(separator: ", "))\(other)", at: .invocation,
      help: "if that is meant, say --consent \(plan), the id of exactly this plan")
  }

  static func text(_ deletion: GraveDeletion) -> String {
    switch deletion {
    case .muchOf(let set, let deleted, let count):
      "\(deleted) of the \(count) objects of set '\(set)'"
    case .lastOf(let kind): "the last \(kind.rawValue)"
    case .protected(let object): "\(object), which is protected"
    }
  }
}
