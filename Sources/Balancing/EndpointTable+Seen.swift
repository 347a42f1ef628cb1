public import Model

extension EndpointTable {
  /// What is to be published of `seen`, which shows the whole of its cluster. `leaving` are those that
  /// are about to stop; `factors`, in per cent, are what measured loads make of parts.
  ///
  /// A replica that is starting, keeps failing or is lost takes no requests; one whose workload is not
  /// wanted any more takes them until it leaves. Whether a replica that runs answers is for the balancer
  /// to find out.
  public init(
    of desired: DesiredState, seen: Observation, leaving: Set<Standing>,
    factors: [Standing: Int] = [:]
  ) {
    let addresses = Dictionary(seen.nodes.map { ($0.id, $0.address) }) { first, _ in first }
    let known = Set(desired.workloads.map(\.name))
    var replicas: [WorkloadName: [ObservedReplica]] = [:]
    for replica in seen.replicas where replica.takesRequests {
      replicas[replica.id.workload, default: []].append(replica)
    }
    let wanted = desired.workloads.compactMap { workload in
      // What may not run here any more takes requests until it has moved.
      workload.mayRun(in: seen.cluster) || replicas[workload.name] != nil
        ? workload.endpoint.map { (workload.name, $0.health) } : nil
    }
    let departing = replicas.keys.filter { name in
      !known.contains(name) && replicas[name]?.contains { $0.port != nil } ?? false
    }
    self.init(
      cluster: seen.cluster,
      services: (wanted + departing.map { ($0, nil) }).map { name, health in
        Service(name, health: health, replicas[name] ?? [], addresses, leaving, factors)
      })
  }
}

extension EndpointTable.Service {
  fileprivate init(
    _ workload: WorkloadName, health: String?, _ replicas: [ObservedReplica],
    _ addresses: [NodeID: String?], _ leaving: Set<Standing>, _ factors: [Standing: Int]
  ) {
    self.init(workload, health: health)
    let weights = Weights.scaled(
      Weights.byShare(replicas.map(\.resources)),
      by: replicas.map { factors[Standing($0.id, on: $0.node)] ?? Weights.even })
    for (replica, weight) in zip(replicas, weights) {
      let standing = Standing(replica.id, on: replica.node)
      let address = addresses[replica.node] ?? nil
      guard let port = replica.port else {
        unreachable.append(EndpointTable.Unreachable(standing, .noPort))
        continue
      }
      guard let address else {
        unreachable.append(EndpointTable.Unreachable(standing, .noAddress))
        continue
      }
      guard HostAddress(address) != nil else {
        unreachable.append(EndpointTable.Unreachable(standing, .badAddress))
        continue
      }
      let isLeaving = leaving.contains(standing) || replica.phase == .stopping
      servers.append(
        EndpointTable.Server(
          standing, address: address, port: port, weight: weight,
          state: isLeaving ? .drain : .ready))
    }
    servers.sort { $0.standing < $1.standing }
    unreachable.sort { $0.standing < $1.standing }
  }
}

extension ObservedReplica {
  /// Whether requests can be on their way to it.
  fileprivate var takesRequests: Bool {
    switch phase {
    case .ready, .stopping: true
    case .starting, .crashLooping, .finished, .lost: false
    }
  }
}
