import Model
import Planning

/// The nodes of a fleet with what holds each of their devices, without a change and with it.
struct FleetPicture {
  /// What stands on a device, or on a node that has none.
  struct Slot: Hashable {
    var replicas: [ReplicaID] = []
    /// Whether others hold it.
    var isForeign = false
    /// Whether it is a device, and not only a place to stand.
    var isDevice = true

    var isFree: Bool { replicas.isEmpty && !isForeign }
  }

  struct Row: Hashable {
    var node: NodeID
    /// `p5.48xlarge`
    var type: String
    /// `8 × H100`, or nothing.
    var devices: String
    /// Nil where the node is not there.
    var before: [Slot]?
    var after: [Slot]?

    var isSame: Bool { before == after }
  }

  /// Sorted by node.
  let rows: [Row]

  init(base: Target, head: Target, observed: ObservedState) {
    let (before, after) = (Self.slots(base, observed), Self.slots(head, observed))
    var kinds = Dictionary(observed.nodes.map { ($0.id, Kind($0)) }) { first, _ in first }
    for node in base.nodes + head.nodes { kinds[node.id] = Kind(node) }
    let sorted = Set(before.keys).union(after.keys).map { ($0, Numbered($0.name)) }
      .sorted { ($0.0.cluster, $0.1) < ($1.0.cluster, $1.1) }
    rows = sorted.map { node, _ in
      let kind = kinds[node]
      return Row(
        node: node, type: kind?.type ?? "",
        devices: kind?.devices.map { "\($0.count) × \($0.model)" } ?? "", before: before[node],
        after: after[node])
    }
  }

  private struct Kind {
    var type: String
    var devices: Accelerators?

    init(_ node: TargetNode) {
      type = node.instanceType
      devices = node.capacity.accelerators
    }

    init(_ node: ObservedNode) {
      type = node.instanceType
      devices = node.capacity.accelerators
    }
  }

  /// The devices of every node of a target, and of those of others that stay as they are.
  private static func slots(_ target: Target, _ observed: ObservedState) -> [NodeID: [Slot]] {
    var slots: [NodeID: [Slot]] = [:]
    for node in observed.nodes where node.pool == nil {
      slots[node.id] = empty(node.capacity)
    }
    for node in target.nodes { slots[node.id] = empty(node.capacity) }
    for replica in target.replicas + target.surge {
      slots[replica.node]?.hold(replica.devices) { $0.replicas.append(replica.id) }
    }
    for occupant in observed.occupants {
      slots[occupant.node]?.hold(occupant.devices) { $0.isForeign = true }
    }
    return slots
  }

  private static func empty(_ capacity: NodeCapacity) -> [Slot] {
    Array(repeating: Slot(), count: capacity.accelerators?.count ?? 0)
  }
}

extension [FleetPicture.Slot] {
  /// What needs no device has a slot of its own on a node without any.
  fileprivate mutating func hold(
    _ devices: [Int], _ change: (inout FleetPicture.Slot) -> Void
  ) {
    if devices.isEmpty, !contains(where: \.isDevice) {
      var slot = FleetPicture.Slot()
      slot.isDevice = false
      change(&slot)
      append(slot)
    }
    for device in devices where indices.contains(device) { change(&self[device]) }
  }
}
