import Model
import Planning
import ProviderDesk

/// Nodes: made and taken back through Cluster API or Karpenter where they are, cordoned wherever
/// they are ours.
extension Scene {
  func create(_ order: TargetNode, _ key: IdempotencyKey) throws(Failure) -> [Move] {
    if let place = places.first(where: { $0.id == order.id }) {
      try order.refuse(place.order?.order, isLeaving: place.phase(at: at) == .deleting)
      return []
    }
    guard cluster.zones.contains(order.zone) else {
      throw .terminal("cluster '\(cluster.name)' has no zone '\(order.zone)'")
    }
    let ordered = NodeOrder(key: key, order: order, at: at)
    if let deployment = deployments.filter({ $0.makes(order) })
      .min(by: { ($0.meta.namespace, $0.meta.name) < ($1.meta.namespace, $1.meta.name) })
    {
      return [.order(from: ObjectName(deployment.meta), ordered)]
    }
    if let pool = claimable.filter({ $0.makes(order) }).min(by: { $0.meta.name < $1.meta.name }) {
      return [.launch(ordered, as: pool)]
    }
    throw .outOfStock(instanceType: order.instanceType, order.capacityType, zone: order.zone)
  }

  func drain(_ node: NodeID) throws(Failure) -> [Move] {
    guard let place = try placeOfOurs(node) else { return [] }
    switch place.phase(at: at) {
    case .booting, .ready:
      // One that is still being made takes nothing yet, and is told once it is there.
      guard let node = place.node else { return [] }
      return claim(place) + [.cordon(node: node.meta.name)]
    case .draining, .lost, .deleting: return []
    }
  }

  func delete(_ node: NodeID) throws(Failure) -> [Move] {
    guard let place = try placeOfOurs(node), let order = place.order else { return [] }
    switch place.phase(at: at) {
    case .deleting: return []
    case .lost: break
    case .booting, .ready, .draining:
      try around([node]).observation.refuseLeaving(node)
    }
    if case .claim(let claim) = place.source { return [.end(claim: claim.meta.name)] }
    guard let deployment = deployments.first(where: { $0.orders.contains(order) }) else {
      return []
    }
    let machine: ObjectName? =
      if case .machine(let machine) = place.source { ObjectName(machine.meta) } else { nil }
    return claim(place) + [.giveBack(to: ObjectName(deployment.meta), order, machine: machine)]
  }

  /// Says on its machine whose it is, where nothing says so yet.
  func claim(_ place: Place) -> [Move] {
    guard case .machine(let machine) = place.source, let order = place.order, machine.order == nil
    else {
      return []
    }
    return [.claim(ObjectName(machine.meta), order)]
  }

  private func placeOfOurs(_ node: NodeID) throws(Failure) -> Place? {
    guard let place = places.first(where: { $0.id == node }) else { return nil }
    guard place.order != nil else { throw .terminal("node '\(node)' is not ours") }
    return place
  }
}
