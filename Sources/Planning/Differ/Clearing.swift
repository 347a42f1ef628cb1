import Model

/// Which replicas that are going hold room that arriving ones need.
///
/// Only facts count: on a node where everything that is there and everything that arrives fits side by
/// side, nobody is in the way.
struct Clearing {
  private let blockersByNode: [NodeID: [ObservedReplica]]

  init(_ scene: Scene) {
    let arriving = Dictionary(
      grouping: (scene.target.replicas + scene.target.surge).filter { !scene.isThere($0) },
      by: \.node)
    var blockers: [NodeID: [ObservedReplica]] = [:]
    for (node, starts) in arriving {
      let going = (scene.seenReplicas[node] ?? []).filter { replica in
        replica.holdsResources && scene.wanted[replica.id]?.node != node
      }
      guard !going.isEmpty else { continue }
      blockers[node] = Self.inTheWay(going, of: starts, on: node, scene)
    }
    blockersByNode = blockers
  }

  func blockers(on node: NodeID) -> [ObservedReplica] { blockersByNode[node] ?? [] }

  func isInTheWay(_ replica: ObservedReplica) -> Bool {
    blockers(on: replica.node).contains { $0.id == replica.id }
  }

  private static func inTheWay(
    _ going: [ObservedReplica], of starts: [TargetReplica], on node: NodeID, _ scene: Scene
  ) -> [ObservedReplica] {
    guard let capacity = scene.seenNodes[node]?.capacity.amounts else { return going }
    var needed = Resources.zero
    for start in starts {
      needed = needed + (scene.workloads[start.id.workload]?.resources.amounts ?? .zero)
    }
    let successors = Set(starts.map(\.id))
    for replica in scene.seenReplicas[node] ?? []
    where replica.holdsResources && !successors.contains(replica.id) {
      needed = needed + replica.resources.amounts
    }
    for occupant in scene.occupants[node] ?? [] { needed = needed + occupant.resources.amounts }
    guard needed.fits(in: capacity) else { return going }
    let crowded = crowdedDevices(starts, on: node, scene, except: successors)
    return going.filter { !crowded.isDisjoint(with: $0.devices) }
  }

  /// Devices of which more would be taken than there is.
  private static func crowdedDevices(
    _ starts: [TargetReplica], on node: NodeID, _ scene: Scene, except successors: Set<ReplicaID>
  ) -> Set<Int> {
    var taken: [Int: Int64] = [:]
    func take(_ request: AcceleratorRequest?, _ devices: [Int]) {
      let milli = min(request?.milliDevices ?? 1000, 1000)
      for device in devices { taken[device] = (taken[device] ?? 0).addingSaturated(milli) }
    }
    for start in starts {
      take(scene.workloads[start.id.workload]?.resources.accelerator, start.devices)
    }
    for replica in scene.seenReplicas[node] ?? []
    where replica.holdsResources && !successors.contains(replica.id) {
      take(replica.resources.accelerator, replica.devices)
    }
    for occupant in scene.occupants[node] ?? [] {
      take(occupant.resources.accelerator, occupant.devices)
    }
    return Set(taken.filter { $0.value > 1000 }.map(\.key))
  }
}
