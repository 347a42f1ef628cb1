import Diagnostics
import Digests
import Manifests
import Model
import Planning

/// The pages of what is said of plans that are not applied.
extension DiagnosticPage {
  static let applyPages = [
    DiagnosticPage(
      .applyNotConfirmed, "An apply could not ask.",
      why: "Standard input is no terminal, so that nobody can say yes.",
      wayOut: "Look at the plan first; then say `--yes`.",
      example: event("`setpoint apply manifests < /dev/null`:", ApplyWording.notConfirmed())),
    DiagnosticPage(
      .applyGateBroken, "The plan does what a gate denies, or lacks what one requires.",
      why: "Gates hold whoever applies, and for the loop as well.",
      wayOut: "Change the manifests so that the gate holds, or the gate. Where it has to be, once:"
        + " `--override GATE --reason TEXT`; both are recorded with the revision and as an event.",
      example: event(
        "`setpoint apply manifests`:", ApplyWording.gateBroken([GateName("prod-safety")]))),
    DiagnosticPage(
      .applyUnknownGate, "A gate that is to be overridden does not exist.",
      why: "A typing mistake must not look like a decision.",
      wayOut: "Name a gate that the plan is judged by; `plan` shows those that it breaks.",
      example: event(
        "`setpoint apply manifests --override prod-safty --reason \"agreed with Ann\"`:",
        ApplyWording.unknownGate("prod-safty", among: ["prod-safety"]))),
    DiagnosticPage(
      .applyNeedsConsent, "The plan deletes what is more often lost by accident than on purpose.",
      why: "More than a tenth of a set, the last object of a kind, or a protected one: a directory"
        + " that was not wholly there would look the same. Consent is given to one plan by its id, so"
        + " that it can't be given to another by mistake.",
      wayOut: "Look at the plan. If that is meant, say `--consent` with the id that it tells.",
      example: event(
        "`setpoint apply manifests --yes`, after files were moved away:",
        ApplyWording.needsConsent(
          [.muchOf(SetName("default"), deleted: 4, of: 12)], examplePlan, given: nil))),
  ]

  static let revisionPages = [
    DiagnosticPage(
      .revisionUnknown, "The state has no revision of that number.",
      why: "Revisions are counted from 1, in each state for itself.",
      wayOut: "`setpoint history` lists them; `--state` names another state.",
      example: event("`setpoint rollback 9`:", RevisionWording.unknown(9, newest: 4))),
    DiagnosticPage(
      .revisionForgotten, "A revision is so old that only its line in the history is left.",
      why: "The newest revisions are kept whole; of older ones the manifests were dropped.",
      wayOut: "Bring the manifests back from where they are kept, and apply them.",
      example: event("`setpoint rollback 1`:", RevisionWording.forgotten(1, oldestKept: 12))),
  ]

  static let planPages = [
    DiagnosticPage(
      .planUnwritable, "A plan can't be saved.",
      why: "A plan file is there as a whole or not at all, so a disk that is full leaves what was.",
      wayOut: "Make room, or name another file.",
      example: event(
        "`setpoint plan manifests -out /full/plan.json`:",
        PlanFileWording.unwritable("/full/plan.json", POSIX.Problem(code: 28)))),
    DiagnosticPage(
      .planNotAlone, "A saved plan was named beside something else.",
      why: "It is carried out as it is, and nothing can be added to it.",
      wayOut: "Apply it alone, and manifests in another apply.",
      example: event(
        "`setpoint apply plan.json manifests`:", PlanFileWording.notAlone("plan.json"))),
    planPage(
      .planApplied, "A saved plan was applied before.",
      why: "It leads from one state to the next, once.",
      wayOut: "Nothing is to be done; `setpoint status` tells how far it is.",
      PlanFileWording.applied(4, "plan.json")),
    planPage(
      .planOvertaken, "Something else was applied since the plan was made, or in another state.",
      why: "The plan shows the way from the revision that was current when it was made. From"
        + " another one its effect would be another than what was looked at.",
      wayOut: "Plan again, and have the new plan looked at.",
      PlanFileWording.overtaken("plan.json", from: "revision 3", by: "revision 4")),
    DiagnosticPage(
      .planStale, "Something that a saved plan depends on has changed.",
      why: "A plan names every fact that it uses: room on a node, a price, where a replica runs. If"
        + " one of them is another now, its effect would be another than what was looked at."
        + " Whatever changes elsewhere makes no plan stale.",
      wayOut: "Plan again, and have the new plan looked at.",
      example: event(
        "`setpoint apply plan.json`:",
        PlanFileWording.changed(
          BrokenFact(
            .price(
              ClusterName("lab"), instanceType: "g6.2xlarge", .onDemand,
              perHour: Money(micros: 977_600)),
            found: .price(Money(micros: 1_200_000))), "plan.json"))),
    planPage(
      .planTouchesMore, "By now a saved plan would do more than it lists.",
      why: "What it depends on holds, but on the way to its target something else would be touched"
        + " that nobody has seen in it.",
      wayOut: "Plan again, and have the new plan looked at.",
      PlanFileWording.touchesMore(ActionID("stop chat/1 on demo/l4-2"), "plan.json")),
    planPage(
      .planUnsound, "A saved plan would break a rule now that no plan may break.",
      why: "Whatever a file says, an independent check judges the plan on the world as it is: no"
        + " node holds more than it has, no budget of disruptions is exceeded, and so on.",
      wayOut: "Plan again.",
      PlanFileWording.unsound(
        .standing(.amountsExceeded(NodeID(ClusterName("demo"), "l4-1"))), "plan.json")),
  ]

  private static func planPage(
    _ code: Code, _ what: String, why: String, wayOut: String, _ diagnostic: Diagnostic
  ) -> DiagnosticPage {
    DiagnosticPage(
      code, what, why: why, wayOut: wayOut,
      example: event("`setpoint apply plan.json`:", diagnostic))
  }

  private static let examplePlan = PlanID(
    Digest(hex: "3fa2c0de11d94b7e0c5d8a6b9e2f4713"))
}
