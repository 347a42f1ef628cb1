import Model

/// Which replicas that are going hold room that arriving ones need.
///
/// Only facts count: on a node where everything that is there and everything that arrives fits side by
/// side, nobody is in the way.
struct Clearing {
  private let blockersByNode: [NodeID: [ObservedReplica]]

  init(_ scene: Scene) {
    let arriving = Dictionary(
      grouping: scene.target.replicas.filter { !scene.isThere($0) }, by: \.node)
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
    let devices = Set(starts.flatMap(\.devices))
    return going.filter { !devices.isDisjoint(with: $0.devices) }
  }
}
