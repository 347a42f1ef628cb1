import Model
import Planning
import ProviderDesk

/// Nodes: made and taken back through Cluster API where it is, cordoned wherever they are ours.
extension Scene {
  func create(_ order: TargetNode, _ key: IdempotencyKey) throws(Failure) -> [Move] {
    if let place = places.first(where: { $0.id == order.id }) {
      try order.refuse(place.order?.order, isLeaving: place.phase(at: at) == .deleting)
      return []
    }
    guard cluster.zones.contains(order.zone) else {
      throw .terminal("cluster '\(cluster.name)' has no zone '\(order.zone)'")
    }
    guard
      let deployment = deployments.filter({ $0.makes(order) })
        .min(by: { ($0.meta.namespace, $0.meta.name) < ($1.meta.namespace, $1.meta.name) })
    else {
      throw .outOfStock(instanceType: order.instanceType, order.capacityType, zone: order.zone)
    }
    return [
      .order(from: ObjectName(deployment.meta), NodeOrder(key: key, order: order, at: at))
    ]
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
    guard let deployment = deployments.first(where: { $0.orders.contains(order) }) else {
      return []
    }
    return claim(place) + [
      .giveBack(
        to: ObjectName(deployment.meta), order, machine: place.machine.map { ObjectName($0.meta) })
    ]
  }

  private func claim(_ place: Place) -> [Move] {
    guard let machine = place.machine, let order = place.order, machine.order == nil else {
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
