import Diagnostics

extension Code {
  static let applyNotConfirmed = Code("apply", "not-confirmed")
  static let applyGateBroken = Code("apply", "gate-broken")
}

/// Why a plan is not applied, in words.
enum ApplyWording {
  static func notConfirmed() -> Diagnostic {
    Diagnostic(
      .applyNotConfirmed, "nobody can be asked: standard input is no terminal", at: .invocation,
      help: "say --yes to apply without being asked")
  }

  static func gateBroken(_ gates: [String]) -> Diagnostic {
    Diagnostic(
      .applyGateBroken,
      "the plan breaks \(gates.count == 1 ? "gate" : "gates") "
        + gates.map { "'\($0)'" }.joined(separator: ", "), at: .invocation,
      help: "change the manifests so that it holds, or the gate itself")
  }
}
