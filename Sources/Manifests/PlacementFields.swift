import Model
import YAML

extension Table<PlacementRules> {
  static let placement = Table(
    "placement", blank: PlacementRules(), "Where replicas of a workload may and should stand."
  ) {
    Field(
      "pack", \.pack, .choice(), example: "rack",
      "All replicas in one zone, one fabric, one block, one rack or one node.")
    Field(
      "packPreferred", \.packPreferred, .choice(), example: "block",
      """
      The same where there is room for it: nothing waits or is bought for it, and the plan says where \
      it was not reached.
      """)
    Field(
      "spread", \.spread, .choice(), example: "zone",
      "Replicas evenly over zones, fabrics, blocks, racks or nodes.")
    Field(
      "maxSkew", \.maxSkew, .integer(1...1000), example: "1",
      "By how much the numbers of replicas may differ where they are spread.")
    Field(
      "nodeSelector", \.nodeSelector, .labels, example: "{fabric: ib}",
      "Labels that a node must have.")
    Field(
      "tolerations", \.tolerations, .list(of: .fields(.toleration), isUnique: true),
      example: "[{key: dedicated}]", "Taints that the workload puts up with.")
    Field(
      "affinity", \.affinity, .list(of: .fields(.neighbours), isUnique: true),
      example: "[{workloads: {app: cache}, within: zone}]",
      """
      Each replica stands in one zone, rack or the like with a replica of such a workload. The first of \
      workloads that mean one another by it may stand anywhere.
      """)
    Field(
      "antiAffinity", \.antiAffinity, .list(of: .fields(.neighbours), isUnique: true),
      example: "[{workloads: {tier: noisy}, within: node}]",
      """
      No replica stands in one zone, rack or the like with a replica of such a workload, whichever of \
      them came first. What stands together already is not moved.
      """)
  }
}

extension Table<NeighbourRule> {
  static let neighbours = Table(
    "neighbours", blank: NeighbourRule(within: .node),
    "Replicas of workloads with these labels, in one area of a level of the topology."
  ) {
    Field(
      "workloads", \.workloads, .labels, example: "{app: cache}",
      """
      Labels in the `metadata` of the workloads that are meant, its own replicas among them where \
      they match; every workload where left out.
      """)
    Field("within", \.within, .choice(), example: "node", "How near that is.").required
  }
}

extension Table<Toleration> {
  static let toleration = Table(
    "toleration", blank: Toleration(key: ""), "A taint that a workload puts up with."
  ) {
    Field(
      "key", \.key, .name(.labelKey, "a taint's key"), example: "dedicated", "The taint's key."
    ).required
    Field(
      "value", \.value, .name(.labelValue, "a taint's value"), example: "research",
      "The taint's value; any value where left out.")
  }
}

extension Table<Rollout> {
  static let rollout = Table(
    "rollout", blank: Rollout(), "How replicas are exchanged when the workload changes."
  ) {
    Field(
      "maxSurge", \.maxSurge, .share, example: "1",
      "Replicas above the wanted number while they are exchanged.")
    Field(
      "maxUnavailable", \.maxUnavailable, .share, example: "25%",
      "Replicas that may be missing while they are exchanged.")
  }
}
