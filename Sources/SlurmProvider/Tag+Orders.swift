import Model
import Planning

/// A node order, as its node's comment keeps it. Slurm knows neither pools nor prices nor taints, so
/// what was ordered is told by the tag, and Slurm tells only how the node is.
struct NodeTag: Hashable, Sendable {
  var cluster: ClusterName
  var key: IdempotencyKey
  var order: TargetNode
  /// When it was ordered.
  var at: Timestamp

  var tag: Tag {
    let amounts = order.capacity.amounts
    let accelerators = order.capacity.accelerators
    return Tag([
      ("c", cluster.text), ("k", key.text), ("n", order.id.name), ("p", order.pool.text),
      ("it", order.instanceType), ("z", order.zone), ("ct", order.capacityType.rawValue),
      ("at", "\(at.seconds)"), ("cpu", "\(amounts.cpuMilli)"), ("mem", "\(amounts.memoryBytes)"),
      ("sto", "\(amounts.storageBytes)"), ("net", "\(amounts.networkBitsPerSecond)"),
      (
        "acc",
        accelerators.map { Tag.joined([$0.model.text, "\($0.count)", "\($0.memoryBytes)"]) }
      ),
      ("l", Tag.joined(order.labels.pairs.map { Tag.joined([$0.key, $0.value]) })),
      (
        "t",
        Tag.joined(order.taints.map { Tag.joined([$0.key, $0.value + ".", $0.effect.rawValue]) })
      ),
    ])
  }

  init(cluster: ClusterName, key: IdempotencyKey, order: TargetNode, at: Timestamp) {
    self.cluster = cluster
    self.key = key
    self.order = order
    self.at = at
  }

  /// nil for what is not the tag of a node.
  init?(_ tag: Tag) {
    guard let cluster = tag["c"].map({ ClusterName($0) }), let name = tag["n"], let pool = tag["p"],
      let key = tag["k"],
      let type = tag["it"], let zone = tag["z"],
      let capacityType = tag["ct"].flatMap(CapacityType.init)
    else { return nil }
    self.cluster = cluster
    self.key = IdempotencyKey(key)
    at = Timestamp(seconds: tag.integer("at") ?? 0)
    order = TargetNode(
      id: NodeID(cluster, name), pool: PoolName(pool), instanceType: type, zone: zone,
      capacityType: capacityType, pricePerHour: .zero,
      capacity: NodeCapacity(amounts: tag.amounts, accelerators: tag.accelerators),
      labels: tag.labels, taints: tag.taints)
  }
}

/// A replica order, as its job's comment keeps it.
struct JobTag: Hashable, Sendable {
  var cluster: ClusterName
  var key: IdempotencyKey
  var replica: TargetReplica
  var resources: ReplicaResources
  var type: WorkloadType
  /// Where it was told to take requests.
  var port: Int?
  /// What it answers to there once it is well.
  var health: String?
  /// The key under which it was asked to stop.
  var stopKey: IdempotencyKey?

  var tag: Tag {
    let amounts = resources.amounts
    return Tag([
      ("c", cluster.text), ("k", key.text), ("w", replica.id.workload.text),
      ("o", "\(replica.id.ordinal)"), ("i", "\(replica.incarnation)"),
      ("n", replica.node.name), ("r", replica.revision.text), ("ty", type.rawValue),
      ("d", Tag.joined(replica.devices.map { "\($0)" })), ("cpu", "\(amounts.cpuMilli)"),
      ("mem", "\(amounts.memoryBytes)"), ("sto", "\(amounts.storageBytes)"),
      ("net", "\(amounts.networkBitsPerSecond)"),
      (
        "req",
        resources.accelerator.map { request in
          Tag.joined(
            ["\(request.milliDevices)", "\(request.memoryBytesMin)"] + request.models.map(\.text))
        }
      ),
      ("po", port.map { "\($0)" }), ("he", health), ("s", stopKey?.text),
    ])
  }

  init(
    cluster: ClusterName, key: IdempotencyKey, replica: TargetReplica,
    resources: ReplicaResources, type: WorkloadType, port: Int? = nil,
    health: String? = nil
  ) {
    self.cluster = cluster
    self.key = key
    self.replica = replica
    self.resources = resources
    self.type = type
    self.port = port
    self.health = health
  }

  /// nil for what is not the tag of a job.
  init?(_ tag: Tag) {
    guard let cluster = tag["c"].map({ ClusterName($0) }), let key = tag["k"],
      let workload = tag["w"],
      let ordinal = tag.integer("o"), let incarnation = tag.integer("i"), let node = tag["n"],
      let revision = tag["r"], let type = tag["ty"].flatMap(WorkloadType.init)
    else { return nil }
    self.cluster = cluster
    self.key = IdempotencyKey(key)
    replica = TargetReplica(
      id: ReplicaID(WorkloadName(workload), Int(clamping: ordinal)), node: NodeID(cluster, node),
      devices: Tag.split(tag["d"] ?? "").compactMap { Int($0) }, revision: Revision(revision),
      incarnation: Int(clamping: incarnation))
    resources = ReplicaResources(amounts: tag.amounts, accelerator: tag.request)
    self.type = type
    port = tag.integer("po").map { Int(clamping: $0) }
    health = tag["he"]
    stopKey = tag["s"].map { IdempotencyKey($0) }
  }
}

extension Tag {
  fileprivate var amounts: Resources {
    Resources(
      cpuMilli: integer("cpu") ?? 0, memoryBytes: integer("mem") ?? 0,
      storageBytes: integer("sto") ?? 0, networkBitsPerSecond: integer("net") ?? 0)
  }

  fileprivate var accelerators: Accelerators? {
    let parts = Tag.split(self["acc"] ?? "")
    guard parts.count == 3, let count = Int(parts[1]), let memory = Int64(parts[2]) else {
      return nil
    }
    return Accelerators(model: AcceleratorModel(parts[0]), count: count, memoryBytes: memory)
  }

  fileprivate var request: AcceleratorRequest? {
    let parts = Tag.split(self["req"] ?? "")
    guard parts.count >= 2, let milli = Int64(parts[0]), let memory = Int64(parts[1]) else {
      return nil
    }
    return AcceleratorRequest(
      models: parts.dropFirst(2).map { AcceleratorModel($0) }, milliDevices: milli,
      memoryBytesMin: memory)
  }

  fileprivate var labels: Labels {
    Labels(
      Tag.split(self["l"] ?? "").compactMap { pair in
        let parts = Tag.split(pair)
        return parts.isEmpty ? nil : (parts[0], parts.count > 1 ? parts[1] : "")
      })
  }

  fileprivate var taints: [Taint] {
    Tag.split(self["t"] ?? "").compactMap { text in
      let parts = Tag.split(text)
      guard parts.count == 3, let effect = Taint.Effect(rawValue: parts[2]) else { return nil }
      return Taint(key: parts[0], value: String(parts[1].dropLast()), effect: effect)
    }
  }
}
