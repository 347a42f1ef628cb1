public import Model
import YAML

extension GateSpec: Spec {
  public static let kind = Kind.gate

  public static let table = manifest(
    "Rules over a plan's effects that must hold before it is applied.",
    blank: GateSpec(metadata: Table.metadata.blank), metadata: \.metadata,
    rules: [.atLeastOne("deny", "require")]
  ) {
    Field(
      "deny", \.deny, .list(of: .fields(.predicate), isUnique: true),
      example: "[{preempts: {tier: prod}}, {costIncreaseAbove: $50/h}]",
      "A plan with any of these effects is refused.")
    Field(
      "require", \.require, .oneOrMany(.fields(.requirement)),
      example: "{schedulableGang: H100:32}",
      "A plan after which one of these does not hold is refused.")
  }
}

extension Table<GatePredicate> {
  /// Each predicate is a mapping with one of these keys.
  static let predicate = Table(
    "a predicate", blank: GatePredicate.pending,
    rules: [
      .exactlyOne(
        "preempts", "costIncreaseAbove", "costAbove", "pending", "deletes", "replaces",
        "movesMoreThan", "nodesOutside", "touchesProtected")
    ],
    "An effect of a plan."
  ) {
    Field(
      "preempts", \.preempted, .labelsOrTrue, example: "{tier: prod}",
      "A replica is preempted, of a workload with all of these labels; of any, with `true`.")
    Field(
      "costIncreaseAbove", \.costIncrease, .costIncrease, example: "$50/h",
      "The fleet's cost rises by more than this, or by more than `20%`.")
    Field(
      "costAbove", \.cost, .pricePerHour, example: "$500/h", "The fleet costs more than this.")
    Field("pending", \.isPending, .yes, example: "true", "A replica stays pending.")
    Field("deletes", \.deletion, optionalFields: .deletion, "Too many objects are deleted.")
    Field("replaces", \.isReplaces, .yes, example: "true", "A workload's replicas are replaced.")
    Field(
      "movesMoreThan", \.moves, .integer(0...1_000_000), example: "5",
      "More than this number of running replicas change their node.")
    Field(
      "nodesOutside", \.approvedPools,
      .list(of: .reference(to: "the name of a pool"), isUnique: true),
      example: "[h100, a100]", "A node is bought for a pool that is not among these.")
    Field(
      "touchesProtected", \.isTouchesProtected, .yes, example: "true",
      """
      A protected object is changed or deleted, or a node of a protected cluster or pool goes.
      """)
  }
}

extension Table<GateRequirement> {
  static let requirement = Table(
    "a requirement", blank: GateRequirement.settles,
    rules: [.exactlyOne("schedulableGang", "settles", "survives")],
    "A property that the fleet must have after a plan."
  ) {
    Field(
      "schedulableGang", \.gang, .gang, example: "H100:32",
      """
      A gang of this many devices, one node's worth each, could still be placed on free capacity or on \
      nodes that pools may still buy. It tolerates every taint.
      """)
    Field(
      "settles", \.isSettles, .yes, example: "true",
      """
      Once the plan is carried out, planning again comes to rest; no later plan undoes an earlier one.
      """)
    Field(
      "survives", \.survived, optionalFields: .loss,
      "Whatever stands would find a home again if any one place were lost.")
  }
}

struct LossSpec: Hashable, Sendable {
  var loss: TopologyLevel
}

extension Table<LossSpec> {
  static let loss = Table(
    "survives", blank: LossSpec(loss: .zone),
    "Whatever stands would find a home again if any one place were lost."
  ) {
    Field(
      "loss", \.loss, .choice(), example: "zone",
      """
      What is lost: a zone, a rack or a node. What stood there is scheduled again on what is left, \
      and on nodes that pools may still buy elsewhere.
      """
    ).required
  }
}

struct Deletion: Hashable, Sendable {
  var kind: Kind?
  var moreThan: Share
}

extension Table<Deletion> {
  static let deletion = Table(
    "deletes", blank: Deletion(kind: nil, moreThan: .count(0)), "Too many objects are deleted."
  ) {
    Field("kind", \.kind, .choice(), example: "Workload", "Only objects of this kind count.")
    Field(
      "moreThan", \.moreThan, .share, example: "10%",
      "The number of them, or the share of those there are, that may still go."
    ).required
  }
}
