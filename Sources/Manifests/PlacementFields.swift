import Model
import YAML

extension Table<PlacementRules> {
  static let placement = Table(
    "placement", blank: PlacementRules(), "Where replicas of a workload may and should stand."
  ) {
    Field(
      "pack", \.pack, .choice(), example: "rack", "All replicas in one zone, one rack or one node.")
    Field(
      "spread", \.spread, .choice(), example: "zone", "Replicas evenly over zones, racks or nodes.")
    Field(
      "maxSkew", \.maxSkew, .integer(1...1000), example: "1",
      "By how much the numbers of replicas may differ where they are spread.")
    Field(
      "nodeSelector", \.nodeSelector, .labels, example: "{fabric: ib}",
      "Labels that a node must have.")
    Field(
      "tolerations", \.tolerations, .list(of: .fields(.toleration), isUnique: true),
      example: "[{key: dedicated}]", "Taints that the workload puts up with.")
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
