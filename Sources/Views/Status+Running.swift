import Model
import Planning

extension Status {
  var workloads: Listing {
    var listing = Listing(
      "workloads",
      [
        .init("name"), .init("type"), .init("queue"), .init("priority", isNumber: true),
        .init("wanted", isNumber: true), .init("placed", isNumber: true),
        .init("ready", isNumber: true), .init("state"),
      ])
    for workload in desired.workloads {
      let placed = (target?.replicas ?? []).count { $0.id.workload == workload.name }
      let seen = observed.replicas.filter { $0.id.workload == workload.name }
      listing.add(
        .text(workload.name.text), .text(workload.type.rawValue), .init(workload.queue?.text),
        .number(workload.priority), .text(wanted(workload)), .number(placed),
        .number(seen.count { $0.phase == .ready }),
        .text(state(of: workload, placed: placed, seen: seen)))
    }
    return listing
  }

  private func wanted(_ workload: WorkloadSpec) -> String {
    switch workload.replicas {
    case .range(let range): "\(range)"
    case .demand: "by demand"
    }
  }

  /// The most telling word for a workload as a whole.
  private func state(
    of workload: WorkloadSpec, placed: Int, seen: [ObservedReplica]
  ) -> String {
    if seen.contains(where: { $0.phase == .crashLooping }) { return "crash-looping" }
    if !seen.isEmpty, seen.allSatisfy({ $0.phase == .finished }) { return "finished" }
    if case .range(let range) = workload.replicas, placed < range.min { return "pending" }
    if placed == 0 { return "pending" }
    return seen.count { $0.phase == .ready } >= placed ? "ready" : "starting"
  }

  func replicas(where isWanted: (ReplicaID) -> Bool) -> Listing {
    var listing = Listing(
      "replicas",
      [
        .init("name"), .init("node"), .init("devices"), .init("phase"),
        .init("restarts", isNumber: true), .init("age", isNumber: true),
      ])
    for replica in observed.replicas where isWanted(replica.id) {
      listing.add(
        .text("\(replica.id)"), .text("\(replica.node)"), .text(numberRuns(replica.devices)),
        .text(phase(replica.phase.rawValue, replica.reason)), .number(replica.restarts),
        age(since: replica.startedAt))
    }
    return listing
  }

  func nodes(where isWanted: (ObservedNode) -> Bool) -> Listing {
    var listing = Listing(
      "nodes",
      [
        .init("name"), .init("pool"), .init("type"), .init("capacity"), .init("zone"),
        .init("phase"), .init("replicas", isNumber: true), .init("devices", isNumber: true),
        .init("price", isNumber: true), .init("age", isNumber: true),
      ])
    for node in observed.nodes where isWanted(node) {
      let here = observed.replicas.filter { $0.node == node.id && $0.holdsResources }
      let price = target?.nodes.first { $0.id == node.id }?.pricePerHour
      listing.add(
        .text("\(node.id)"), .init(node.pool?.text), .text(node.instanceType),
        .text(node.capacityType.rawValue), .text(node.zone),
        .text(phase(node.phase.rawValue, node.reason)),
        .number(here.count), .init(devices(of: node, used: here)), .init(price?.perHourText),
        age(since: node.createdAt))
    }
    return listing
  }

  private func phase(_ phase: String, _ reason: String?) -> String {
    reason.map { "\(phase) (\($0))" } ?? phase
  }

  /// `6/8`: used and there.
  private func devices(of node: ObservedNode, used: [ObservedReplica]) -> String? {
    node.capacity.accelerators.map { "\(Set(used.flatMap(\.devices)).count)/\($0.count)" }
  }

  private func age(since moment: Timestamp) -> Listing.Fact {
    .shown(Amounts.age(now - moment), exactly: "\(moment)")
  }
}
