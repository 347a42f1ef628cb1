import Balancing
import Model
import Planning

extension Status {
  /// Where requests for services go, by what is wanted and seen; Kubernetes spreads those of its own.
  var endpoints: Listing {
    var listing = Listing(
      "endpoints",
      [
        .init("service"), .init("cluster"), .init("replica"), .init("node"), .init("address"),
        .init("weight", isNumber: true), .init("state"),
      ])
    let leaving = leaving
    for cluster in desired.clusters where cluster.publishesAddresses {
      guard let seen = observed[cluster.name] else { continue }
      let table = EndpointTable(of: desired, seen: seen, leaving: leaving)
      for service in table.services { add(service, of: cluster.name, to: &listing) }
    }
    return listing
  }

  private func add(
    _ service: EndpointTable.Service, of cluster: ClusterName, to listing: inout Listing
  ) {
    for server in service.servers {
      listing.add(
        .text(service.workload.text), .text(cluster.text), .text("\(server.standing.replica)"),
        .text(server.standing.node.name), .text(server.addressAndPort), .number(server.weight),
        .text(server.state.rawValue))
    }
    for unreachable in service.unreachable {
      listing.add(
        .text(service.workload.text), .text(cluster.text),
        .text("\(unreachable.standing.replica)"), .text(unreachable.standing.node.name), .missing,
        .missing, .text(word(unreachable.reason)))
    }
  }

  private func word(_ reason: EndpointTable.Unreachable.Reason) -> String {
    switch reason {
    case .noAddress: "no address"
    case .badAddress: "bad address"
    case .noPort: "no port"
    }
  }

  /// Replicas whose stop waits for nothing but their requests.
  private var leaving: Set<Standing> {
    guard let target else { return [] }
    let actions = Differ.actions(toward: target, desired: desired, from: observed)
    return Set(
      actions.compactMap { action in
        guard case .stopReplica(let replica, let node) = action.step, action.waits.isEmpty else {
          return nil
        }
        return Standing(replica, on: node)
      })
  }
}

extension ClusterSpec {
  fileprivate var publishesAddresses: Bool {
    switch provider {
    case .simulated, .slurm: true
    case .kubernetes: false
    }
  }
}
