import Digests
import JSON
import Model
import Planning

/// A NodePool of Karpenter: what nodes that are claimed of it are like. Which pool of ours may
/// claim them, its label `setpoint/pool` says.
struct KarpenterPool: Hashable, Sendable, KubeObject {
  var meta = Meta()
  /// What a claim is made of: `metadata` and `spec`.
  private(set) var template: KubeTree = [:]

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata": meta = try reader.meta()
    case "spec":
      try reader.members { (name, reader) throws(JSONProblem) in
        if name == "template" { template = try KubeTree(&reader) }
      }
    default: break
    }
  }

  /// Whether it makes what is ordered: as far as its labels speak of it, and its requirements allow.
  func makes(_ order: TargetNode) -> Bool {
    meta.offers(order) && !meta.isDeleting && Self.choices(order).allSatisfy(admits)
  }

  /// Karpenter chooses among what a claim leaves open, and an order leaves nothing open.
  static func choices(_ order: TargetNode) -> [(key: String, value: String)] {
    [
      ("karpenter.sh/capacity-type", order.capacityType.rawValue),
      ("node.kubernetes.io/instance-type", order.instanceType),
      ("topology.kubernetes.io/zone", order.zone),
    ]
  }

  private func admits(_ choice: (key: String, value: String)) -> Bool {
    requirements.map(NodeRequirement.init).filter { $0.key == choice.key }
      .allSatisfy { $0.allows(choice.value) ?? true }
  }

  private var requirements: [KubeTree] { template["spec"]?["requirements"]?.items ?? [] }

  /// What a claim for `order` says: all that the template does, and of what it leaves open what was
  /// ordered.
  func spec(for order: TargetNode) -> KubeTree {
    var spec = template["spec"] ?? [:]
    let choices = Self.choices(order)
    let chosen: [KubeTree] = choices.map { key, value in
      ["key": .text(key), "operator": "In", "values": .list([.text(value)])]
    }
    let open = requirements.filter { requirement in
      !choices.contains { $0.key == requirement["key"]?.text }
    }
    spec.set("requirements", .list(open + chosen))
    let taints = spec["taints"]?.items ?? []
    let ordered = order.taints.map(KubeTree.init).filter { !taints.contains($0) }
    if !(taints + ordered).isEmpty { spec.set("taints", .list(taints + ordered)) }
    return spec
  }

  var labels: [(String, String)] { template["metadata"]?["labels"]?.pairs ?? [] }
  var annotations: [(String, String)] { template["metadata"]?["annotations"]?.pairs ?? [] }
}

/// A NodeClaim of Karpenter that was made for an order: no NodePool owns it, so none takes it
/// back, and it lives until it is deleted (`designs/v1-api.md` of kubernetes-sigs/karpenter).
struct NodeClaim: Hashable, Sendable, KubeObject {
  var meta = Meta() {
    didSet { order = meta.annotations[NodeOrder.annotation].flatMap(NodeOrder.init(text:)) }
  }
  /// nil for one that Karpenter or somebody else made.
  private(set) var order: NodeOrder?
  /// Once it has one.
  var node: String?
  /// Whether the machine was bought.
  var isLaunched = false
  /// Whether its node has all that it was bought for, its devices included.
  var isInitialized = false

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata": meta = try reader.meta()
    case "status":
      try reader.members { (name, reader) throws(JSONProblem) in
        switch name {
        case "nodeName":
          let name = try reader.text()
          node = name.isEmpty ? nil : name
        case "conditions":
          try reader.elements { (reader) throws(JSONProblem) in
            let fields = try reader.labels()
            guard fields["status"] == "True" else { return }
            if fields["type"] == "Launched" { isLaunched = true }
            if fields["type"] == "Initialized" { isInitialized = true }
          }
        default: break
        }
      }
    default: break
    }
  }

  /// Of its order: asked for again it is there already.
  static func name(_ order: NodeOrder) -> String {
    "setpoint-" + Digest(of: "\(order.order.id)\n\(order.key)").hex.prefix(20)
  }
}

extension Meta {
  /// Whether it may make what is ordered, as far as its labels speak of it.
  func offers(_ order: TargetNode) -> Bool {
    func agrees(_ label: String, _ value: String) -> Bool {
      labels["setpoint/\(label)"].map { $0 == value } ?? true
    }
    return labels["setpoint/pool"] == order.pool.text
      && agrees("instance-type", order.instanceType) && agrees("zone", order.zone)
      && agrees("capacity-type", order.capacityType.rawValue)
  }
}

extension KubeTree {
  fileprivate init(_ taint: Taint) {
    self = ["key": .text(taint.key), "effect": .text(taint.effect.rawValue)]
    if !taint.value.isEmpty { set("value", .text(taint.value)) }
  }
}
