import Model

/// What one look at a cluster shows that the look before it did not.
struct News {
  /// Something in two looks; nil where it was not there.
  struct Change<ID, Thing> {
    let id: ID
    let before: Thing?
    let after: Thing?
  }

  /// A replica can be seen on two nodes.
  struct Instance {
    let replica: ReplicaID
    let node: NodeID
  }

  private(set) var nodes: [Change<NodeID, ObservedNode>] = []
  private(set) var replicas: [Change<Instance, ObservedReplica>] = []
  /// Whether what others run is other, or whether the look shows the whole.
  private(set) var isOtherBesides: Bool

  var isEmpty: Bool { nodes.isEmpty && replicas.isEmpty && !isOtherBesides }

  init(from old: Observation?, to new: Observation) {
    isOtherBesides = old?.occupants != new.occupants || old?.isComplete != new.isComplete
    Self.walk(old?.nodes ?? [], new.nodes) {
      $0.id < $1.id
    } found: { before, after in
      guard let id = (after ?? before)?.id else { return }
      nodes.append(Change(id: id, before: before, after: after))
    }
    Self.walk(old?.replicas ?? [], new.replicas) {
      ($0.id, $0.node) < ($1.id, $1.node)
    } found: { before, after in
      guard let seen = after ?? before else { return }
      let id = Instance(replica: seen.id, node: seen.node)
      replicas.append(Change(id: id, before: before, after: after))
    }
  }

  /// Both lists are sorted; most of what they have is the same.
  private static func walk<Thing: Equatable>(
    _ old: [Thing], _ new: [Thing], precedes: (Thing, Thing) -> Bool,
    found: (Thing?, Thing?) -> Void
  ) {
    var place = 0
    for thing in new {
      while place < old.count, old[place] != thing, precedes(old[place], thing) {
        found(old[place], nil)
        place += 1
      }
      if place < old.count, old[place] == thing {
        place += 1
      } else if place < old.count, !precedes(thing, old[place]) {
        found(old[place], thing)
        place += 1
      } else {
        found(nil, thing)
      }
    }
    for thing in old[place...] { found(thing, nil) }
  }
}
