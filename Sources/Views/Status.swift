public import Model
public import Planning

/// What is wanted, decided and seen at one moment, ready to be listed.
public struct Status: Sendable {
  public var desired: DesiredState
  public var target: Target?
  public var observed: ObservedState
  public var now: Timestamp

  public init(desired: DesiredState, target: Target?, observed: ObservedState, now: Timestamp) {
    self.desired = desired
    self.target = target
    self.observed = observed
    self.now = now
  }

  /// What can be listed, by the words of the command line.
  public enum Subject: String, CaseIterable, Sendable {
    case clusters, nodepools, nodes, queues, workloads, replicas, endpoints, gates
  }

  public func list(_ subject: Subject) -> Listing {
    switch subject {
    case .clusters: clusters
    case .nodepools: pools
    case .nodes: nodes { _ in true }
    case .queues: queues
    case .workloads: workloads
    case .replicas: replicas { _ in true }
    case .endpoints: endpoints
    case .gates: gates
    }
  }

  private var clusters: Listing {
    var listing = Listing(
      "clusters",
      [
        .init("name"), .init("provider"), .init("region"), .init("nodes", isNumber: true),
        .init("accelerators", isNumber: true), .init("cost", isNumber: true), .init("seen"),
      ])
    for cluster in desired.clusters {
      let seen = observed[cluster.name]
      let nodes = seen?.nodes ?? []
      let cost = (target?.nodes ?? []).filter { $0.id.cluster == cluster.name }
        .reduce(Money.zero) { $0 + $1.pricePerHour }
      listing.add(
        .text(cluster.name.text), .text(word(cluster.provider)), .text(cluster.region),
        .number(nodes.count),
        .number(nodes.reduce(0) { $0 + ($1.capacity.accelerators?.count ?? 0) }),
        .text(cost.perHourText),
        .text(seen.map { $0.isComplete ? "completely" : "in part" } ?? "not yet"))
    }
    return listing
  }

  private func word(_ provider: ProviderSettings) -> String {
    switch provider {
    case .simulated: "simulated"
    case .slurm: "slurm"
    case .kubernetes: "kubernetes"
    }
  }

  private var pools: Listing {
    var listing = Listing(
      "node pools",
      [
        .init("name"), .init("cluster"), .init("wanted"), .init("nodes", isNumber: true),
        .init("ready", isNumber: true), .init("capacity"), .init("types"),
      ])
    for pool in desired.nodePools {
      let nodes = observed.nodes.filter { $0.pool == pool.name && $0.id.cluster == pool.cluster }
      listing.add(
        .text(pool.name.text), .text(pool.cluster.text), .text("\(pool.nodes)"),
        .number(nodes.count), .number(nodes.count { $0.phase == .ready }),
        .text(pool.capacity.map(\.rawValue).joined(separator: ", ")),
        .text(
          pool.instanceTypes.isEmpty
            ? "by requirements" : pool.instanceTypes.joined(separator: ", ")))
    }
    return listing
  }

  private var queues: Listing {
    var listing = Listing(
      "queues",
      [
        .init("name"), .init("parent"), .init("quota", isNumber: true),
        .init("running", isNumber: true), .init("weight", isNumber: true), .init("borrowing"),
      ])
    for queue in desired.queues {
      let members = desired.workloads.filter { $0.queue == queue.name }.map(\.name)
      let running = observed.replicas.filter {
        $0.holdsResources && members.contains($0.id.workload)
      }
      listing.add(
        .text(queue.name.text), .init(queue.parent?.text),
        queue.quota.accelerators.map { .number($0) } ?? .missing,
        .number(running.reduce(0) { $0 + $1.devices.count }), .number(queue.weight),
        .text(queue.borrowing ? "yes" : "no"))
    }
    return listing
  }

  /// A row for each rule, as a gate has several.
  private var gates: Listing {
    var listing = Listing("gates", [.init("name"), .init("rule")])
    for gate in desired.gates {
      for rule in gate.deny.map(GateRule.deny) + gate.require.map(GateRule.require) {
        listing.add(.text(gate.name.text), .text(Gates.text(rule)))
      }
    }
    return listing
  }
}
