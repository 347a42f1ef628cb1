import Digests
import JSON
import Model
import Planning

/// What was ordered, as a pod's annotation keeps it: a pod knows neither devices nor revisions, so what
/// it stands for is told by this, and the API server tells only how it is.
struct PodOrder: Hashable, Sendable {
  var cluster: ClusterName
  var key: IdempotencyKey
  var replica: TargetReplica
  var resources: ReplicaResources
  var type: WorkloadType
  /// Whether it was started with the first of its gang that was asked for, under that one's key.
  var isOfGang = false

  static let annotation = "setpoint/order"

  /// The same for the same key, so that a pod can't be made twice.
  var podName: String {
    let id = replica.id
    let mark = Digest(of: "\(cluster)\n\(key)\n\(id)").hex.prefix(8)
    return "\(id.workload)-\(id.ordinal)-\(mark)"
  }

  /// The name under which the members of a gang find one another; pods' names are too long for it where
  /// a workload's is.
  static func hostName(_ replica: ReplicaID) -> String {
    let name = "\(replica.workload)-\(replica.ordinal)"
    guard name.utf8.count > 63 else { return name }
    return "\(Digest(of: replica.workload.text).hex.prefix(16))-\(replica.ordinal)"
      .replacing(/^[0-9]/) { "w\($0.output)" }
  }

  var text: String {
    JSONWriter.object { json in
      json.member("cluster", cluster.text)
      json.member("key", key.text)
      json.member("workload", replica.id.workload.text)
      json.member("ordinal", replica.id.ordinal)
      json.member("node", replica.node.name)
      json.member("devices", replica.devices)
      json.member("revision", replica.revision.text)
      json.member("incarnation", replica.incarnation)
      json.member("type", type.rawValue)
      json.member("isOfGang", isOfGang)
      json.member("resources") { $0.amounts(resources.amounts) }
      if let request = resources.accelerator {
        json.member("accelerator") { json in
          json.object { json in
            json.member("milliDevices", request.milliDevices)
            json.member("memoryBytesMin", request.memoryBytesMin)
            json.member("models", request.models.map(\.text))
          }
        }
      }
    }
  }

  init(
    cluster: ClusterName, key: IdempotencyKey, replica: TargetReplica,
    resources: ReplicaResources, type: WorkloadType, isOfGang: Bool = false
  ) {
    self.cluster = cluster
    self.key = key
    self.replica = replica
    self.resources = resources
    self.type = type
    self.isOfGang = isOfGang
  }

  /// nil for what is not the annotation of a pod of ours.
  init?(text: String) {
    guard let fields = Fields(text), let cluster = fields.texts["cluster"],
      let key = fields.texts["key"],
      let workload = fields.texts["workload"], let ordinal = fields.numbers["ordinal"],
      let node = fields.texts["node"], let revision = fields.texts["revision"],
      let incarnation = fields.numbers["incarnation"],
      let type = fields.texts["type"].flatMap(WorkloadType.init)
    else { return nil }
    self.cluster = ClusterName(cluster)
    self.key = IdempotencyKey(key)
    replica = TargetReplica(
      id: ReplicaID(WorkloadName(workload), Int(clamping: ordinal)),
      node: NodeID(ClusterName(cluster), node), devices: fields.devices,
      revision: Revision(revision), incarnation: Int(clamping: incarnation))
    resources = ReplicaResources(amounts: fields.amounts, accelerator: fields.request)
    self.type = type
    isOfGang = fields.isOfGang
  }
}

/// An order of a node, as it stands in the annotations of the MachineDeployment that is to make it, and
/// of the machine that it became.
struct NodeOrder: Hashable, Sendable {
  var key: IdempotencyKey
  var order: TargetNode
  /// When it was ordered.
  var at: Timestamp

  /// Of a machine.
  static let annotation = "setpoint/order"
  /// Of a MachineDeployment: one for each order.
  static let annotationPrefix = "order.setpoint/"

  var cluster: ClusterName { order.id.cluster }

  var annotation: String {
    Self.annotationPrefix + Digest(of: order.id.description).hex.prefix(16)
  }

  var text: String {
    JSONWriter.object { json in
      json.member("cluster", order.id.cluster.text)
      json.member("key", key.text)
      json.member("node", order.id.name)
      json.member("pool", order.pool.text)
      json.member("instanceType", order.instanceType)
      json.member("zone", order.zone)
      json.member("capacityType", order.capacityType.rawValue)
      json.member("at", at.seconds)
      json.member("resources") { $0.amounts(order.capacity.amounts) }
      if let accelerators = order.capacity.accelerators {
        json.member("accelerators") { json in
          json.object { json in
            json.member("model", accelerators.model.text)
            json.member("count", accelerators.count)
            json.member("memoryBytes", accelerators.memoryBytes)
          }
        }
      }
      json.member("labels") { json in
        json.object { json in for pair in order.labels.pairs { json.member(pair.key, pair.value) } }
      }
      json.member("taints", objects: order.taints) { json, taint in
        json.member("key", taint.key)
        json.member("value", taint.value)
        json.member("effect", taint.effect.rawValue)
      }
    }
  }

  init(key: IdempotencyKey, order: TargetNode, at: Timestamp) {
    self.key = key
    self.order = order
    self.at = at
  }

  /// nil for what is not our annotation.
  init?(text: String) {
    guard let fields = Fields(text), let cluster = fields.texts["cluster"],
      let key = fields.texts["key"],
      let node = fields.texts["node"], let pool = fields.texts["pool"],
      let instanceType = fields.texts["instanceType"], let zone = fields.texts["zone"],
      let capacityType = fields.texts["capacityType"].flatMap(CapacityType.init),
      let at = fields.numbers["at"]
    else { return nil }
    self.key = IdempotencyKey(key)
    self.at = Timestamp(seconds: at)
    order = TargetNode(
      id: NodeID(ClusterName(cluster), node), pool: PoolName(pool), instanceType: instanceType,
      zone: zone, capacityType: capacityType, pricePerHour: .zero,
      capacity: NodeCapacity(amounts: fields.amounts, accelerators: fields.accelerators),
      labels: Labels(fields.labels), taints: fields.taints)
  }
}

/// What our annotations may hold, of both kinds.
private struct Fields {
  var texts: [String: String] = [:]
  var numbers: [String: Int64] = [:]
  var isOfGang = false
  var devices: [Int] = []
  var amounts = Resources.zero
  var request: AcceleratorRequest?
  var accelerators: Accelerators?
  var labels: [(String, String)] = []
  var taints: [Taint] = []

  /// nil for what we did not write: somebody else's, or spoilt; either way it says nothing.
  init?(_ text: String) {
    do throws(JSONProblem) {
      var reader = JSONReader(Array(text.utf8))
      try read(&reader)
    } catch { return nil }
  }

  private mutating func read(_ reader: inout JSONReader) throws(JSONProblem) {
    try reader.object { (name, reader) throws(JSONProblem) in
      switch name {
      case "isOfGang": isOfGang = try reader.boolean()
      case "devices":
        try reader.array { (reader) throws(JSONProblem) in
          devices.append(Int(clamping: try reader.integer()))
        }
      case "resources": amounts = try reader.resources()
      case "accelerator": request = try reader.request()
      case "accelerators": accelerators = try reader.accelerators()
      case "labels":
        try reader.object { (name, reader) throws(JSONProblem) in
          labels.append((name, try reader.string()))
        }
      case "taints":
        try reader.array { (reader) throws(JSONProblem) in
          let fields = try reader.labels()
          guard let key = fields["key"], let effect = fields["effect"].flatMap(Taint.Effect.init)
          else { return }
          taints.append(Taint(key: key, value: fields["value"] ?? "", effect: effect))
        }
      default:
        switch try reader.kind() {
        case .string: texts[name] = try reader.string()
        case .number: numbers[name] = try reader.integer()
        case .object, .array, .boolean, .null: break
        }
      }
    }
    try reader.end()
  }
}

extension JSONWriter {
  fileprivate mutating func amounts(_ amounts: Resources) {
    object { json in
      json.member("cpuMilli", amounts.cpuMilli)
      json.member("memoryBytes", amounts.memoryBytes)
      json.member("storageBytes", amounts.storageBytes)
      json.member("networkBitsPerSecond", amounts.networkBitsPerSecond)
    }
  }
}

extension JSONReader {
  fileprivate mutating func resources() throws(JSONProblem) -> Resources {
    var amounts = Resources.zero
    try object { (name, reader) throws(JSONProblem) in
      switch name {
      case "cpuMilli": amounts.cpuMilli = try reader.integer()
      case "memoryBytes": amounts.memoryBytes = try reader.integer()
      case "storageBytes": amounts.storageBytes = try reader.integer()
      case "networkBitsPerSecond": amounts.networkBitsPerSecond = try reader.integer()
      default: break
      }
    }
    return amounts
  }

  fileprivate mutating func request() throws(JSONProblem) -> AcceleratorRequest {
    var request = AcceleratorRequest(models: [], milliDevices: 0)
    var models: [AcceleratorModel] = []
    try object { (name, reader) throws(JSONProblem) in
      switch name {
      case "milliDevices": request.milliDevices = try reader.integer()
      case "memoryBytesMin": request.memoryBytesMin = try reader.integer()
      case "models":
        try reader.array { (reader) throws(JSONProblem) in
          models.append(AcceleratorModel(try reader.string()))
        }
      default: break
      }
    }
    request.models = models
    return request
  }

  fileprivate mutating func accelerators() throws(JSONProblem) -> Accelerators {
    var accelerators = Accelerators(model: AcceleratorModel(""), count: 0, memoryBytes: 0)
    try object { (name, reader) throws(JSONProblem) in
      switch name {
      case "model": accelerators.model = AcceleratorModel(try reader.string())
      case "count": accelerators.count = Int(clamping: try reader.integer())
      case "memoryBytes": accelerators.memoryBytes = try reader.integer()
      default: break
      }
    }
    return accelerators
  }
}
