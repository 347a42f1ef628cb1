public import Model
import YAML

extension NodePoolSpec: Spec {
  public static let kind = Kind.nodePool

  public static let table = manifest(
    "A policy for nodes of one cluster: which may be bought, how many, and how they go.",
    blank: NodePoolSpec(
      metadata: Table.metadata.blank, cluster: ClusterName(""), nodes: CountRange(0)),
    metadata: \.metadata, rules: [.exactlyOne("instanceTypes", "requirements")]
  ) {
    Field(
      "cluster", \.cluster, .reference(to: "the name of a cluster"), example: "research-us",
      "The cluster that the nodes belong to."
    ).required.replacesNodes
    Field(
      "instanceTypes", \.instanceTypes,
      .list(of: .name(.foreign, "an instance type"), atLeast: 1, isUnique: true),
      example: "[p5.48xlarge]", "The instance types that may be bought; the cheapest that fits is."
    ).replacesNodes
    Field(
      "requirements", \.requirements, optionalFields: .requirements,
      "What an instance type must have to be bought, instead of a list of them."
    ).replacesNodes
    Field(
      "capacity", \.capacity, .list(of: .choice(), atLeast: 1, isUnique: true),
      example: "[spot, on-demand]", "How nodes are paid for, in order of preference."
    ).replacesNodes
    Field(
      "nodes", \.nodes, .counts(0...100_000), example: "0..16",
      "How many nodes: a number, or a range that the autoscaler moves in."
    ).required
    Field(
      "limits", \.limits, fields: .poolLimits,
      "How far and how fast it may grow, besides its number of nodes.")
    Field(
      "zones", \.zones, .list(of: .zone, isUnique: true), example: "[us-east-1a]",
      "The cluster's zones that this pool uses; all of them where left out."
    ).replacesNodes
    Field(
      "labels", \.labels, .labels, example: "{fabric: ib}",
      "Labels of each node, for a workload's `nodeSelector`."
    ).replacesNodes
    Field(
      "taints", \.sortedTaints, .list(of: .fields(.taint), isUnique: true),
      example: "[{key: dedicated, value: research}]",
      "Marks of each node that keep workloads away which don't tolerate them."
    ).replacesNodes
    Field(
      "reservedFor", \.reservedFor,
      .list(of: .reference(to: "the name of a queue"), isUnique: true), example: "[nlp]",
      "Queues whose workloads alone may use these nodes, with the queues below them."
    )
    Field(
      "headroom", \.headroom, optionalFields: .headroom,
      """
      Room that is kept free on the pool's nodes: nodes are bought and not given back for it, and any \
      workload takes it at once.
      """)
    Field(
      "disruption", \.disruption, fields: .disruption,
      "When, and how many at once, nodes may be taken away.")
    Field(
      "unitsPerReplica", \.unitsPerReplica, .integer(1...1_000_000), example: "10",
      "The resource units of the cluster's demand model that one replica on this pool stands for.")
  }

  private var sortedTaints: [Taint] {
    get { taints }
    set { taints = newValue.sorted() }
  }
}

extension Table<InstanceRequirements> {
  static let requirements = Table(
    "requirements", blank: InstanceRequirements(),
    rules: [.atLeastOne("accelerator", "acceleratorCount", "cpu", "memory")],
    "What an instance type must have to be bought."
  ) {
    Field(
      "accelerator", \.accelerators, .anyOfModels, example: "H100|H200",
      "Its accelerators are of one of these models.")
    Field(
      "acceleratorCount", \.acceleratorCount, .amounts(.count, examples: ["8", "4..", "1..8"]),
      example: "4..", "It has so many accelerators.")
    Field(
      "cpu", \.cpuMilli, .amounts(.cores, examples: ["64..", "..96", "64..128"]), example: "64..",
      "It has so many cores.")
    Field(
      "memory", \.memoryBytes, .amounts(.bytes, examples: ["512Gi..", "..2Ti"]), example: "512Gi..",
      "It has so much memory.")
  }
}

extension Table<PoolLimits> {
  static let poolLimits = Table(
    "pool limits", blank: PoolLimits(),
    "How far and how fast a pool may grow, besides its number of nodes."
  ) {
    Field(
      "cost", \.costPerHour, .pricePerHour, example: "$300/h", "The most that its nodes may cost.")
    Field(
      "nodesPerMinute", \.nodesPerMinute, .integer(1...100_000), example: "10",
      "The most nodes that are ordered within a minute, whatever a plan asks for.")
    Field(
      "readyWithin", \.readyWithin, .durationOrNever, example: "30m",
      """
      How long a node may take to be ready. One that takes longer is given back, and for an hour \
      another instance type, zone or way to pay is taken where there is one.
      """)
  }
}

extension Table<Taint> {
  static let taint = Table(
    "taint", blank: Taint(key: ""),
    "A node's mark that keeps workloads away which don't tolerate it."
  ) {
    Field(
      "key", \.key, .name(.labelKey, "a taint's key"), example: "dedicated", "Names the mark."
    ).required
    Field(
      "value", \.value, .labelValue, example: "research", "A word that belongs to the key.")
    Field(
      "effect", \.effect, .choice(), example: "NoExecute",
      "`NoSchedule` keeps new replicas away; `NoExecute` makes running ones leave, too.")
  }
}

extension Form<String> {
  /// A label's value; an empty one is not written.
  static let labelValue = Form.name(.labelValue, "a label's value").leftOut(at: "")
}

extension Table<Headroom> {
  static let headroom = Table(
    "headroom", blank: Headroom(replicas: 1, resources: ReplicaResources()),
    "Room that is kept free for whoever comes."
  ) {
    Field(
      "replicas", \.replicas, .integer(1...10_000), example: "2",
      "For how many replicas of this size there is to be room."
    ).required
    Field("resources", \.resources, fields: .resources, "What one of them would need.")
  }
}

extension Table<Disruption> {
  static let disruption = Table(
    "disruption", blank: Disruption(),
    "When and how fast nodes may be taken away for our own reasons."
  ) {
    Field(
      "budget", \.budget, .share, example: "10%",
      "How many of the pool's nodes may be going at once; a percentage counts at least one.")
    Field(
      "consolidate", \.consolidate, .choice(), example: "underused",
      """
      Which nodes are given back: only those that nothing stands on, or also those whose replicas fit \
      elsewhere for less money.
      """)
    Field(
      "consolidateAfter", \.consolidateAfter, .durationOrNever, example: "10m",
      """
      How long a node must have been empty, or nothing new have come to it, before it is given back.
      """)
    Field(
      "savingHorizon", \.savingHorizon, .duration, example: "8h",
      """
      How long a time to come counts when what an under-used node costs is weighed against the work \
      that is lost by starting anew what stands there.
      """)
    Field(
      "savingPercentMin", \.savingPercentMin, .integer(0...100), example: "10",
      "What must be saved at least, in per cent of what the emptied nodes cost.")
    Field(
      "expireAfter", \.expireAfter, .durationOrNever, example: "720h",
      "The age at which a node is replaced.")
  }
}
