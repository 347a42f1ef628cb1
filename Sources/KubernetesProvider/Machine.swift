import JSON
import Model
import Planning

/// A machine of Cluster API: what a node is made of.
struct Machine: Hashable, Sendable, KubeObject {
  var meta = Meta() {
    didSet { order = meta.annotations[NodeOrder.annotation].flatMap(NodeOrder.init(text:)) }
  }
  /// Whose node it is, once that has been said.
  private(set) var order: NodeOrder?
  /// Once it has one.
  var node: String?

  var deployment: String? { meta.labels["cluster.x-k8s.io/deployment-name"] }

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata": meta = try reader.meta()
    case "status":
      try reader.members { (name, reader) throws(JSONProblem) in
        guard name == "nodeRef" else { return }
        let name = try reader.labels()["name"] ?? ""
        node = name.isEmpty ? nil : name
      }
    default: break
    }
  }
}

/// A MachineDeployment of Cluster API: as many machines of one kind as it is told. Which pool may
/// order from it, its label `setpoint/pool` says; what orders are out, its annotations.
struct MachineDeployment: Hashable, Sendable, KubeObject {
  var meta = Meta() {
    didSet {
      orders = meta.annotations.filter { $0.key.hasPrefix(NodeOrder.annotationPrefix) }
        .values.compactMap(NodeOrder.init(text:)).sorted {
          ($0.at, $0.order.id) < ($1.at, $1.order.id)
        }
    }
  }
  private(set) var orders: [NodeOrder] = []
  var replicas: Int64 = 0
  var failureDomain: String?

  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata": meta = try reader.meta()
    case "spec":
      try reader.members { (name, reader) throws(JSONProblem) in
        switch name {
        case "replicas": replicas = try reader.amount()
        case "template":
          try reader.members { (name, reader) throws(JSONProblem) in
            guard name == "spec" else { return }
            failureDomain = try reader.labels()["failureDomain"]
          }
        default: break
        }
      }
    default: break
    }
  }

  /// The most machines that it may have, as Cluster API's autoscaler has it.
  var replicasMax: Int64? {
    meta.annotations["cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size"]
      .flatMap { Int64($0) }
  }

  /// Whether it makes what is ordered: as far as its labels speak of it.
  func makes(_ order: TargetNode) -> Bool {
    meta.offers(order) && failureDomain.map { $0 == order.zone } ?? true
      && replicasMax.map { replicas < $0 } ?? true && !meta.isDeleting
  }
}
