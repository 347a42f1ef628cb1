import Model

/// Nodes where something still stands that an earlier plan dropped, while its room was given to others.
///
/// What nobody decided and is seen may become a home again: so a lost state is rebuilt, and what was to
/// go stays where there is room after all. There it would be given out twice.
enum Contest {
  static func nodes(_ standing: Standing, _ input: PlanningInput) -> Set<NodeID> {
    let decisions = (input.previous?.replicas ?? []) + (input.previous?.surge ?? [])
    guard !decisions.isEmpty else { return [] }
    let decided = Dictionary(decisions.map { ($0.id, $0) }) { first, _ in first }
    let strays = Dictionary(
      grouping: input.observed.replicas.filter { replica in
        replica.holdsResources && replica.phase != .stopping
          && !(decided[replica.id].map(replica.follows) ?? false)
      }, by: \.node)
    guard !strays.isEmpty else { return [] }
    let claims = Dictionary(grouping: decisions, by: \.node)
    let occupants = Dictionary(grouping: input.observed.occupants, by: \.node)
    let resources = Dictionary(input.desired.workloads.map { ($0.name, $0.resources) }) {
      first, _ in first
    }
    return Set(
      strays.keys.filter { node in
        guard let claims = claims[node], let capacity = standing.seen[node]?.capacity else {
          return false
        }
        var room = RoomOnTheWay(node, capacity)
        for occupant in occupants[node] ?? [] {
          room.take(occupant.resources, devices: occupant.devices)
        }
        for claim in claims {
          let live = standing.live(claim.id).first { $0.follows(claim) }?.resources
          guard let resources = live ?? resources[claim.id.workload] else { continue }
          room.take(resources, devices: claim.devices)
        }
        return !(strays[node] ?? []).allSatisfy {
          room.reserve($0.resources, devices: $0.devices)
        }
      })
  }
}
