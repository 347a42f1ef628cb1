import Model
import Planning
import Simulation

/// A replica as the file keeps it.
struct ReplicaRecord: Codable {
  var workload: String
  var ordinal: Int
  var cluster: String
  var node: String
  var devices: [Int]
  var resources: ResourcesRecord
  var revision: String
  var incarnation: Int
  var port: Int?
  var phase: String
  var startedAt: Int64
  var restarts: Int

  init(_ replica: ObservedReplica) {
    workload = replica.id.workload.text
    ordinal = replica.id.ordinal
    cluster = replica.node.cluster.text
    node = replica.node.name
    devices = replica.devices
    resources = ResourcesRecord(replica.resources)
    revision = replica.revision.text
    incarnation = replica.incarnation
    port = replica.port
    phase = replica.phase.rawValue
    startedAt = replica.startedAt.seconds
    restarts = replica.restarts
  }

  func value() throws(Failure) -> ObservedReplica {
    ObservedReplica(
      id: ReplicaID(WorkloadName(workload), ordinal), node: NodeID(ClusterName(cluster), node),
      devices: devices, resources: resources.value, revision: Revision(revision),
      incarnation: incarnation, port: port, phase: try .stored(phase),
      startedAt: Timestamp(seconds: startedAt), restarts: restarts)
  }
}

/// A replica on its node.
struct StandingRecord: Codable {
  var replica: ReplicaRecord
  var due: Int64?
  var startTime: Int64

  init(_ replica: World.Replica) {
    self.replica = ReplicaRecord(replica.observed)
    due = replica.due?.seconds
    startTime = replica.startTime.count
  }

  func value() throws(Failure) -> World.Replica {
    World.Replica(
      try replica.value(), due: due.map { Timestamp(seconds: $0) },
      startTime: Seconds(startTime))
  }
}

struct OccupantRecord: Codable {
  var name: String
  var resources: ResourcesRecord
  var devices: [Int]

  init(_ occupant: Occupant) {
    name = occupant.name
    resources = ResourcesRecord(occupant.resources)
    devices = occupant.devices
  }

  func value(on node: NodeID) -> Occupant {
    Occupant(name: name, node: node, resources: resources.value, devices: devices)
  }
}

struct AmountsRecord: Codable {
  var cpuMilli: Int64
  var memoryBytes: Int64
  var storageBytes: Int64
  var networkBitsPerSecond: Int64

  init(_ amounts: Resources) {
    cpuMilli = amounts.cpuMilli
    memoryBytes = amounts.memoryBytes
    storageBytes = amounts.storageBytes
    networkBitsPerSecond = amounts.networkBitsPerSecond
  }

  var value: Resources {
    Resources(
      cpuMilli: cpuMilli, memoryBytes: memoryBytes, storageBytes: storageBytes,
      networkBitsPerSecond: networkBitsPerSecond)
  }
}

struct ResourcesRecord: Codable {
  struct Request: Codable {
    var models: [String]
    var milliDevices: Int64
    var memoryBytesMin: Int64
  }

  var amounts: AmountsRecord
  var accelerator: Request?

  init(_ resources: ReplicaResources) {
    amounts = AmountsRecord(resources.amounts)
    accelerator = resources.accelerator.map {
      Request(
        models: $0.models.map(\.text), milliDevices: $0.milliDevices,
        memoryBytesMin: $0.memoryBytesMin)
    }
  }

  var value: ReplicaResources {
    ReplicaResources(
      amounts: amounts.value,
      accelerator: accelerator.map {
        AcceleratorRequest(
          models: $0.models.map { AcceleratorModel($0) }, milliDevices: $0.milliDevices,
          memoryBytesMin: $0.memoryBytesMin)
      })
  }
}
