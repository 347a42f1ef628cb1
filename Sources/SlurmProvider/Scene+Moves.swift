import Model
import Planning
import ProviderDesk

/// What a step comes to, given what there is. Pure: refusals and moves follow from the scene.
extension Scene {
  // MARK: Nodes

  func create(_ order: TargetNode, _ key: IdempotencyKey) throws(Failure) -> [Move] {
    if let place = places.first(where: { $0.id == order.id }) {
      try order.refuse(place.order?.order, isLeaving: place.node.phase == .deleting)
      return []
    }
    // Powered up under this key once, and down again since: that is over.
    guard !nodes.contains(where: { self.order(of: $0)?.key == key }) else { return [] }
    guard cluster.zones.contains(order.zone) else {
      throw .terminal("cluster '\(cluster.name)' has no zone '\(order.zone)'")
    }
    guard let node = nodes.first(where: { canBecome(order, $0) }) else {
      throw .outOfStock(
        instanceType: order.instanceType, order.capacityType, zone: order.zone)
    }
    let tag = NodeTag(cluster: cluster.name, key: key, order: order, at: at)
    return [.powerUp(node: node.name, tag, fromDrain: node.has("DRAIN"))]
  }

  /// Whether a cloud node that is off is what was ordered: what its features say of it agrees, and it
  /// has as much as the order counts on. One that was drained by others is left alone.
  private func canBecome(_ order: TargetNode, _ node: SlurmNode) -> Bool {
    guard isListed(node), node.has("CLOUD"), node.isPoweredDown, !node.isPoweringDown,
      !node.has("DOWN"), !node.has("DRAIN") || node.reason.hasPrefix(SlurmCommand.reasonMark),
      reserved.obstacle(on: node) == nil, reserved.approaching(node) == nil,
      zone(of: node) == order.zone,
      node.feature("pool").map({ $0 == order.pool.text }) ?? true,
      node.feature("instance-type").map({ $0 == order.instanceType }) ?? true,
      node.feature("capacity-type").map({ $0 == order.capacityType.rawValue }) ?? true
    else { return false }
    let real = capacity(of: node)
    let has = real.accelerators
    let wants = order.capacity.accelerators
    return order.capacity.amounts.cpuMilli <= real.amounts.cpuMilli
      && order.capacity.amounts.memoryBytes <= real.amounts.memoryBytes
      && has?.model == wants?.model && has?.count == wants?.count
  }

  func drain(_ node: NodeID) throws(Failure) -> [Move] {
    guard let place = try placeOfOurs(node) else { return [] }
    switch place.node.phase {
    case .booting, .ready: return [.drain(node: place.node.name)]
    case .draining, .lost, .deleting: return []
    }
  }

  func delete(_ node: NodeID) throws(Failure) -> [Move] {
    guard let place = try placeOfOurs(node) else { return [] }
    let isLost = place.node.phase == .lost
    switch place.node.phase {
    case .deleting: return []
    case .lost: break
    case .booting, .ready, .draining:
      try around([node]).observation.refuseLeaving(node)
    }
    return [.powerDown(node: place.node.name, isLost: isLost)]
  }

  private func placeOfOurs(_ node: NodeID) throws(Failure) -> Place? {
    guard let place = places.first(where: { $0.id == node }) else { return nil }
    guard place.order != nil else { throw .terminal("node '\(node)' is not ours") }
    return place
  }

  // MARK: Replicas

  func stop(_ replica: ReplicaID, on node: NodeID, _ key: IdempotencyKey) -> [Move] {
    var moves: [Move] = []
    let standing = ours.filter { $0.tag.replica.id == replica && $0.tag.replica.node == node }
    // A stop that was carried out once is for the jobs of that time.
    let earlier = standing.filter { $0.tag.stopKey == key }
    for (job, tag) in earlier.isEmpty ? standing : earlier {
      let whole = job.leader ?? job.id
      guard job.isPending || job.holdsNodes else {
        if tag.stopKey == nil { moves.append(.forget(job: job.id)) }
        continue
      }
      guard !job.states.contains("COMPLETING") || tag.stopKey == nil else { continue }
      var stopped = tag
      stopped.stopKey = key
      if tag.stopKey == nil { moves.append(.mark(job: job.id, stopped)) }
      if let signal = settings.checkpointSignal, job.holdsNodes {
        moves.append(.signal(job: whole, signal))
      }
      moves.append(.cancel(jobs: [whole]))
    }
    return moves
  }

  func start(_ order: ReplicaOrder, _ key: IdempotencyKey) throws(Failure) -> [Move] {
    let ours = ours
    // Whoever was started as part of a gang carries the key of that one's first call.
    let twins = ours.filter {
      $0.tag.key == key || $0.job.leader != nil && $0.tag.replica == order.replica
    }
    guard twins.isEmpty else {
      let extra = twins.dropFirst().filter { $0.job.waitsForItsTwin }
      return extra.isEmpty ? [] : [.cancel(jobs: extra.map { $0.job.leader ?? $0.job.id })]
    }
    let members = startsAsOne(order, ours.map(\.tag.replica)) ? order.gang : [order.replica]
    let seen = around(Set(members.map(\.node)), Set(members.map(\.id))).observation
    if try seen.hasStarted(order.replica) { return [] }
    var parts: [Submission.Part] = []
    for member in members {
      parts.append(try part(member, order.workload, key, seen))
    }
    let submission = try submission(order, parts)
    let leftovers = leftovers(of: members, seen)
    return (leftovers.isEmpty ? [] : [.cancel(jobs: leftovers)]) + [.submit(submission)]
  }

  /// Earlier starts that count as lost and still wait: they must not begin when their node is well.
  private func leftovers(of members: [TargetReplica], _ seen: Observation) -> [Int64] {
    let ids = Set(members.map(\.id))
    let lost = seen.replicas.filter { $0.phase == .lost && ids.contains($0.id) }
    let jobs = ours.filter { job, tag in
      job.isPending && lost.contains { $0.id == tag.replica.id && $0.node == tag.replica.node }
    }
    return Set(jobs.map { $0.job.leader ?? $0.job.id }).sorted()
  }

  /// Whether all of a gang starts with this member: on a node of its own each, and none of them was ever
  /// asked for before. One that grows and shrinks goes on with whoever is left, so its members are not
  /// bound together.
  private func startsAsOne(_ order: ReplicaOrder, _ asked: [TargetReplica]) -> Bool {
    let gang = order.gang
    return order.workload.elasticRange == nil
      && gang.count > 1 && gang.count <= Submission.partsMax && gang.contains(order.replica)
      && Set(gang.map(\.node)).count == gang.count
      && gang.map(\.id.ordinal) == Array(gang.indices)
      && Set(asked).isDisjoint(with: gang)
  }

  private func part(
    _ replica: TargetReplica, _ workload: WorkloadSpec, _ key: IdempotencyKey, _ seen: Observation
  ) throws(Failure) -> Submission.Part {
    try seen.refuse(replica, of: workload)
    guard let place = places.first(where: { $0.id == replica.node }) else {
      throw .conflict("there is no node '\(replica.node)'")
    }
    let partition = try partition(of: workload, on: place.node)
    return Submission.Part(
      tag: JobTag(
        cluster: cluster.name, key: key, replica: replica, resources: workload.resources,
        type: workload.type, port: workload.endpoint?.port(of: replica.id.ordinal),
        health: workload.endpoint?.health),
      node: place.node.name, partition: partition,
      gres: try gres(workload.resources.accelerator, on: place.node))
  }

  private func partition(
    of workload: WorkloadSpec, on node: SlurmNode
  ) throws(Failure) -> String {
    if let own = settings.queuePartitions.value(of: workload.queue) {
      guard node.partitions.contains(own) else {
        throw .terminal(
          "node '\(node.name)' is not in partition '\(own)', where workload '\(workload.name)' goes: "
            + "its placement can ask for the label '\(SlurmNode.partitionLabel(own))'")
      }
      return own
    }
    guard let partition = settings.partition ?? node.partitions.min() else {
      throw .conflict("node '\(node.name)' is in no partition")
    }
    return partition
  }

  private func submission(
    _ order: ReplicaOrder, _ parts: [Submission.Part]
  ) throws(Failure) -> Submission {
    let workload = order.workload
    let launcher = settings.launcher.map { $0.replacing("{image}", with: workload.image) }
    guard let program = (launcher + workload.command).first, !program.isEmpty,
      !program.hasPrefix("-")
    else {
      throw .terminal(
        "workload '\(workload.name)' has no command, and Slurm runs nothing but commands")
    }
    let amounts = workload.resources.amounts
    return Submission(
      parts: parts, cpus: max(1, (amounts.cpuMilli + 999) / 1000),
      // None at all would be all of the node's to Slurm.
      memoryMiB: max(
        1, amounts.memoryBytes / (1 << 20) + (amounts.memoryBytes % (1 << 20)).signum()),
      account: settings.queueAccounts.value(of: workload.queue) ?? settings.account,
      qos: settings.queueQos.value(of: workload.queue) ?? settings.qos,
      environment: environment(order), launcher: launcher, command: workload.command)
  }

  private func gres(
    _ request: AcceleratorRequest?, on node: SlurmNode
  ) throws(Failure) -> String? {
    guard let request, let devices = node.devices else { return nil }
    guard request.isShare else {
      return (["gpu", devices.type, "\(request.devices)"].filter { !$0.isEmpty })
        .joined(separator: ":")
    }
    guard node.sharesPerDevice > 0 else {
      throw .terminal("node '\(node.name)' has no shares of devices (gres/shard)")
    }
    let milliShares = request.milliDevices.saturatedTimes(node.sharesPerDevice)
    // Rounded up, fewer would fit than were planned.
    guard milliShares % 1000 == 0 else {
      throw .terminal(
        "\(request) is no whole number of shares: each device of node '\(node.name)' has "
          + "\(node.sharesPerDevice) (gres/shard)")
    }
    return "shard:\(milliShares / 1000)"
  }

  /// What a job is told of itself, besides what the workload says. Secrets are named, never held.
  private func environment(_ order: ReplicaOrder) -> [String] {
    let workload = order.workload
    var own = [
      "SETPOINT_CLUSTER=\(cluster.name)", "SETPOINT_WORKLOAD=\(workload.name)",
      "SETPOINT_ORDINAL=\(order.replica.id.ordinal)", "SETPOINT_REPLICAS=\(order.replicaCount)",
      "SETPOINT_IMAGE=\(workload.image)",
    ]
    if let port = workload.endpoint?.port(of: order.replica.id.ordinal) {
      own.append("PORT=\(port)")
    }
    if !order.gang.isEmpty {
      let names = Dictionary(places.map { ($0.id, $0.node.name) }) { first, _ in first }
      let hosts = order.gang.map { names[$0.node] ?? "" }
      own.append("SETPOINT_HOSTS=\(hosts.joined(separator: ","))")
    }
    return own + workload.secrets.map { "SETPOINT_SECRET_\($0.variable)=\($0.name)/\($0.key)" }
      + workload.environment.pairs.map { "\($0.key)=\($0.value)" }
  }
}

extension Labels {
  fileprivate func value(of queue: QueueName?) -> String? { queue.flatMap { self[$0.text] } }
}
