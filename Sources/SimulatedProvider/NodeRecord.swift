import Model
import Planning
import Simulation

/// A node with all that stands on it, as the file keeps it. Times are seconds since 1970.
struct NodeRecord: Codable {
  var cluster: String
  var name: String
  var pool: String?
  var instanceType: String
  var zone: String
  var capacityType: String
  var labels: [PairRecord]
  var taints: [TaintRecord]
  var capacity: AmountsRecord
  var accelerators: AcceleratorsRecord?
  var phase: String
  var reason: String?
  var createdAt: Int64
  var emptySince: Int64?
  var due: Int64?
  var noticeAt: Int64?
  var replicas: [StandingRecord]
  var occupants: [OccupantRecord]

  init(_ node: World.Node) {
    let seen = node.observed
    cluster = seen.id.cluster.text
    name = seen.id.name
    pool = seen.pool?.text
    instanceType = seen.instanceType
    zone = seen.zone
    capacityType = seen.capacityType.rawValue
    labels = seen.labels.pairs.map { PairRecord(key: $0.key, value: $0.value) }
    taints = seen.taints.map {
      TaintRecord(key: $0.key, value: $0.value, effect: $0.effect.rawValue)
    }
    capacity = AmountsRecord(seen.capacity.amounts)
    accelerators = seen.capacity.accelerators.map {
      AcceleratorsRecord(model: $0.model.text, count: $0.count, memoryBytes: $0.memoryBytes)
    }
    phase = seen.phase.rawValue
    reason = seen.reason
    createdAt = seen.createdAt.seconds
    emptySince = seen.emptySince?.seconds
    due = node.due?.seconds
    noticeAt = node.noticeAt?.seconds
    replicas = node.replicas.map(StandingRecord.init)
    occupants = node.occupants.map(OccupantRecord.init)
  }

  func value() throws(Failure) -> World.Node {
    let id = NodeID(ClusterName(cluster), name)
    var taints: [Taint] = []
    for taint in self.taints { taints.append(try taint.read()) }
    let observed = ObservedNode(
      id: id, pool: pool.map { PoolName($0) }, instanceType: instanceType, zone: zone,
      capacityType: try .stored(capacityType), labels: Labels(labels.map { ($0.key, $0.value) }),
      taints: taints,
      capacity: NodeCapacity(
        amounts: capacity.value,
        accelerators: accelerators.map {
          Accelerators(
            model: AcceleratorModel($0.model), count: $0.count, memoryBytes: $0.memoryBytes)
        }),
      phase: try .stored(phase), reason: reason, createdAt: Timestamp(seconds: createdAt),
      emptySince: emptySince.map { Timestamp(seconds: $0) })
    var replicas: [World.Replica] = []
    for replica in self.replicas { replicas.append(try replica.value()) }
    return World.Node(
      observed, due: due.map { Timestamp(seconds: $0) },
      noticeAt: noticeAt.map { Timestamp(seconds: $0) }, replicas: replicas,
      occupants: occupants.map { $0.value(on: id) })
  }
}

struct PairRecord: Codable {
  var key: String
  var value: String
}

struct TaintRecord: Codable {
  var key: String
  var value: String
  var effect: String

  func read() throws(Failure) -> Taint {
    Taint(key: key, value: value, effect: try .stored(effect))
  }
}

struct AcceleratorsRecord: Codable {
  var model: String
  var count: Int
  var memoryBytes: Int64
}

extension RawRepresentable where RawValue == String {
  /// The case that the file names.
  static func stored(_ text: String) throws(Failure) -> Self {
    guard let value = Self(rawValue: text) else {
      throw .terminal("the simulated world is damaged: '\(text)' is no \(Self.self)")
    }
    return value
  }
}
