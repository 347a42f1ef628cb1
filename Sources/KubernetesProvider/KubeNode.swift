import JSON
import Model

/// A node as the API server shows it.
struct KubeNode: Hashable, Sendable, KubeObject {
  var meta = Meta()
  var taints: [Taint] = []
  var isUnschedulable = false
  var allocatable = Amounts()
  /// The condition `Ready`: `True`, `False`, `Unknown`; nil where it was never told.
  var ready: String?
  /// Why it is not ready, or which trouble keeps work off.
  var reason = ""

  static let path = "/api/v1/nodes"
  init() {}

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata": meta = try reader.meta()
    case "spec":
      try reader.members { (name, reader) throws(JSONProblem) in
        switch name {
        case "unschedulable":
          isUnschedulable = try reader.kind() == .boolean ? reader.boolean() : false
        case "taints": taints = try reader.taints()
        default: break
        }
      }
    case "status":
      try reader.members { (name, reader) throws(JSONProblem) in
        switch name {
        case "allocatable": allocatable = try reader.amounts()
        case "conditions": (ready, reason) = try reader.readiness("Ready")
        default: break
        }
      }
    default: break
    }
  }

  func phase(at now: Timestamp) -> ObservedNode.Phase {
    if meta.isDeleting { return .deleting }
    switch ready {
    case "True": return isUnschedulable ? .draining : .ready
    case "Unknown": return .lost
    default:
      // A kubelet that has just come says that it is not ready before it ever was.
      return now.seconds - meta.createdAt < Self.bootSecondsMax ? .booting : .lost
    }
  }

  private static let bootSecondsMax: Int64 = 600

  /// Whether Karpenter has not said yet whose it is.
  var isUnregistered: Bool { taints.contains { $0.key == "karpenter.sh/unregistered" } }

  var zone: String? {
    meta.labels["topology.kubernetes.io/zone"]
      ?? meta.labels["failure-domain.beta.kubernetes.io/zone"]
  }

  var instanceType: String { meta.labels["node.kubernetes.io/instance-type"] ?? "kubernetes" }

  /// As the larger clouds and Karpenter label it.
  var capacityType: CapacityType {
    let words = [
      meta.labels["karpenter.sh/capacity-type"], meta.labels["eks.amazonaws.com/capacityType"],
      meta.labels["kubernetes.azure.com/scalesetpriority"],
    ]
    let isSpot =
      words.contains { $0?.lowercased() == "spot" }
      || meta.labels["cloud.google.com/gke-spot"] == "true"
    return isSpot ? .spot : .onDemand
  }

  /// Its own labels, and its zone under the name that it goes by here.
  func labels(zone: String) -> Labels {
    Labels([("zone", zone)]).merging(
      Labels(meta.labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
  }

  /// Those that say what is no phase already.
  var ownTaints: [Taint] {
    taints.filter {
      !["not-ready", "unreachable", "unschedulable"].map { "node.kubernetes.io/\($0)" }
        .contains($0.key)
    }
  }
}

extension JSONReader {
  /// Those that keep pods off; preferences don't.
  fileprivate mutating func taints() throws(JSONProblem) -> [Taint] {
    var taints: [Taint] = []
    try elements { (reader) throws(JSONProblem) in
      let fields = try reader.labels()
      guard let key = fields["key"], let effect = fields["effect"].flatMap(Taint.Effect.init)
      else { return }
      taints.append(Taint(key: key, value: fields["value"] ?? "", effect: effect))
    }
    return taints
  }

  /// The status of one condition of a list, and its reason.
  mutating func readiness(_ type: String) throws(JSONProblem) -> (status: String?, reason: String) {
    var found: (status: String?, reason: String) = (nil, "")
    try elements { (reader) throws(JSONProblem) in
      let fields = try reader.labels()
      guard fields["type"] == type else { return }
      found = (fields["status"], fields["reason"] ?? "")
    }
    return found
  }
}
