import Model

extension ReadSet {
  /// What a plan leans on: room where something starts, the nodes that it gives back or takes for lost,
  /// names that are free, the places of the replicas that it touches, prices, and queues' limits.
  init(of target: Target, _ content: PlanContent, _ input: PlanningInput) {
    let touched = Set(content.touchedReplicas)
    let scene = Occupation(input.observed, without: touched)
    self.init(
      content.createdNodes.map { .absent($0.id) }
        + content.nodesTakenForLost.filter { scene.nodes[$0]?.takesReplicas != true }
        .map { .lost($0) }
        + Self.rooms(target, touched, scene, input).map { .room($0) }
        + content.deletedNodes.map { node in
          .idle(node, besides: (scene.occupants[node] ?? []).map(\.name).sorted())
        }
        + touched.sorted().map { .runs($0, on: scene.homes[$0] ?? []) }
        + Self.prices(content.createdNodes, input) + Self.quotas(target, touched, scene, input))
  }

  /// What arrives on nodes that are there already, node by node.
  private static func rooms(
    _ target: Target, _ touched: Set<ReplicaID>, _ scene: Occupation, _ input: PlanningInput
  ) -> [Room] {
    let workloads = Dictionary(
      uniqueKeysWithValues: input.desired.workloads.map { ($0.name, $0) })
    let arriving = Dictionary(
      grouping: (target.replicas + target.surge).filter { touched.contains($0.id) }, by: \.node)
    return arriving.keys.sorted().compactMap { id in
      guard let node = scene.nodes[id] else { return nil }
      var room = Room(node: id, amounts: .zero, taints: node.taints)
      var milli: [Int: Int64] = [:]
      for replica in arriving[id] ?? [] {
        guard let workload = workloads[replica.id.workload] else { continue }
        room.amounts = room.amounts + workload.resources.amounts
        for device in replica.devices {
          milli[device] = (milli[device] ?? 0)
            .addingSaturated(workload.resources.milliOfEachDevice)
        }
        for pair in workload.placement.nodeSelector.pairs {
          room.labels[pair.key] = node.labels[pair.key]
        }
      }
      room.devices = milli.keys.sorted().map { Device(index: $0, milli: milli[$0] ?? 0) }
      return room
    }
  }

  private static func prices(_ nodes: [TargetNode], _ input: PlanningInput) -> [Fact] {
    nodes.compactMap { node -> Fact? in
      let price = input.desired.price(
        of: node.instanceType, node.capacityType, in: node.id.cluster, input.catalogs)
      return price.map {
        .price(
          node.id.cluster, instanceType: node.instanceType, node.capacityType, perHour: $0)
      }
    }.uniqued()
  }

  /// What the plan's replicas hold of queues with a limit.
  private static func quotas(
    _ target: Target, _ touched: Set<ReplicaID>, _ scene: Occupation, _ input: PlanningInput
  ) -> [Fact] {
    let created = Dictionary(
      target.nodes.map { ($0.id, $0.capacity.accelerators?.model) }
    ) { first, _ in first }
    var load = QueueLoad(input.desired)
    for replica in target.replicas + target.surge where touched.contains(replica.id) {
      let node = scene.nodes[replica.node]
      load.add(
        replica.id, on: node?.capacity.accelerators?.model ?? created[replica.node] ?? nil)
    }
    return input.desired.queues.flatMap { queue -> [Fact] in
      let models = [nil] + (queue.limit?.byModel.map(\.model) ?? [])
      return models.compactMap { model in
        guard queue.limitMilli(of: model) != nil,
          let milli = load.milliDevices[.init(queue: queue.name, model: model)], milli > 0
        else { return nil }
        return .quota(queue.name, model, milliDevices: milli)
      }
    }
  }
}

extension PlanContent {
  var createdNodes: [TargetNode] {
    actions.compactMap { action in
      switch action.step {
      case .createNode(let node): node
      case .drainNode, .deleteNode, .startReplica, .stopReplica: nil
      }
    }
  }

  var deletedNodes: [NodeID] {
    actions.compactMap { action in
      switch action.step {
      case .deleteNode(let node): node
      case .createNode, .drainNode, .startReplica, .stopReplica: nil
      }
    }
  }

  /// Every replica that a step or a change of placement speaks of.
  var touchedReplicas: [ReplicaID] {
    actions.compactMap { action in
      switch action.step {
      case .startReplica(let order): order.replica.id
      case .stopReplica(let replica, _): replica
      case .createNode, .drainNode, .deleteNode: nil
      }
    } + placements.map(\.replica)
  }

  /// Nodes that something is moved or deleted for because they don't answer any more; sorted.
  var nodesTakenForLost: [NodeID] {
    let causes = nodes.map(\.cause) + placements.map(\.cause)
    let lost = causes.compactMap { cause -> NodeID? in
      if case .nodeLost(let node, _) = cause { node } else { nil }
    }
    return Set(lost).sorted()
  }
}
