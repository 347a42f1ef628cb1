import Model
import Scheduling

/// Who stands where: room, devices, rules and gangs.
enum StandingAudit {
  static func check(_ evidence: Evidence) -> [Violation.Standing] {
    twice(evidence) + homes(evidence) + NeighbourAudit.check(evidence) + room(evidence)
      + gangs(evidence)
  }

  private static func twice(_ evidence: Evidence) -> [Violation.Standing] {
    var known: Set<ReplicaID> = []
    return evidence.decisions.filter { !known.insert($0.id).inserted }.map { .placedTwice($0.id) }
  }

  private static func homes(_ evidence: Evidence) -> [Violation.Standing] {
    evidence.decisions.flatMap { decision -> [Violation.Standing] in
      guard evidence.isComplete(decision.node.cluster) else { return [] }
      guard let workload = evidence.workloads[decision.id.workload] else {
        return [.unknownWorkload(decision.id)]
      }
      let isOurs = evidence.nodes[decision.node] != nil
      let isForeign = evidence.seen[decision.node].map { $0.pool == nil } ?? false
      guard isOurs || isForeign else { return [.nowhere(decision.id, on: decision.node)] }
      guard isNew(decision, evidence) else { return [] }
      return closed(decision, evidence) + rules(decision, workload, evidence)
    }
  }

  /// Whether it goes to this node by this plan: what stands there already may stay, whatever changed
  /// around it.
  static func isNew(_ decision: TargetReplica, _ evidence: Evidence) -> Bool {
    !evidence.before.contains(.init(replica: decision.id, node: decision.node))
      && !(evidence.holders[decision.node] ?? []).contains { $0.id == decision.id }
  }

  private static func closed(_ decision: TargetReplica, _ evidence: Evidence) -> [Violation
    .Standing]
  {
    switch evidence.seen[decision.node]?.phase {
    case .booting, .ready, nil: []
    case .draining, .lost, .deleting: [.closedNode(decision.id, on: decision.node)]
    }
  }

  private static func rules(
    _ decision: TargetReplica, _ workload: WorkloadSpec, _ evidence: Evidence
  ) -> [Violation.Standing] {
    let node = decision.node
    let labels = evidence.seen[node]?.labels ?? evidence.nodes[node]?.labels ?? .none
    let taints = evidence.seen[node]?.taints ?? evidence.nodes[node]?.taints ?? []
    var broken: [Violation.Rule] = []
    if !workload.clusters.isEmpty && !workload.clusters.contains(node.cluster) {
      broken.append(.cluster)
    }
    let selector = workload.placement.nodeSelector.pairs
    if selector.contains(where: { labels[$0.key] != $0.value }) { broken.append(.nodeSelector) }
    let tolerations = workload.placement.tolerations
    let isTainted = taints.contains { taint in
      !tolerations.contains {
        $0.key == taint.key && ($0.value == nil || $0.value == taint.value)
      }
    }
    if isTainted { broken.append(.taint) }
    if let request = workload.resources.accelerator {
      let has = evidence.capacity(node)?.accelerators
      let isModel = has.map { request.models.isEmpty || request.models.contains($0.model) } ?? false
      let isLarge = has.map { $0.memoryBytes >= request.memoryBytesMin } ?? false
      if !isModel || !isLarge { broken.append(.accelerator) }
    }
    let pool = evidence.nodes[node]?.pool ?? evidence.seen[node]?.pool
    let reservedFor = pool.flatMap { evidence.pools[$0]?.reservedFor } ?? []
    if !reservedFor.isEmpty, Set(reservedFor).isDisjoint(with: family(of: workload, evidence)) {
      broken.append(.reservation)
    }
    return broken.map { .ruleBroken(decision.id, on: node, $0) }
  }

  /// The queue of a workload and all above it.
  private static func family(of workload: WorkloadSpec, _ evidence: Evidence) -> Set<QueueName> {
    var family: Set<QueueName> = []
    var next = workload.queue
    while let name = next, family.insert(name).inserted {
      next = evidence.input.desired.queues.first { $0.name == name }?.parent
    }
    return family
  }

  /// Once everything is done and no stand-in is left, on every node where something starts.
  private static func room(_ evidence: Evidence) -> [Violation.Standing] {
    let touched = Set(evidence.starts.map(\.replica.node)).sorted()
    let byNode = Dictionary(grouping: evidence.plan.target.replicas, by: \.node)
    return touched.flatMap { node -> [Violation.Standing] in
      guard let capacity = evidence.capacity(node) else { return [] }
      var ledger = RoomLedger(capacity)
      var wrong: [Violation.Standing] = []
      for occupant in evidence.occupants[node] ?? [] {
        ledger.take(occupant.resources, devices: occupant.devices)
      }
      for decision in byNode[node] ?? [] {
        let resources = evidence.resources(decision)
        ledger.take(resources, devices: decision.devices)
        let needed = resources.accelerator.map { ($0.milliDevices + 999) / 1000 } ?? 0
        let isDistinct = Set(decision.devices).count == decision.devices.count
        if Int64(decision.devices.count) != needed || !isDistinct {
          wrong.append(.wrongDevices(decision.id, on: node))
        }
      }
      if ledger.isAmountsExceeded { wrong.append(.amountsExceeded(node)) }
      return wrong + ledger.devicesExceeded.map { .deviceExceeded(node, device: $0) }
    }
  }

  /// Whether a gang runs on as it was before its manifest asked for another shape, and the plan says so.
  private static func isHeld(
    _ gang: WorkloadName, _ members: [TargetReplica], _ evidence: Evidence
  ) -> Bool {
    let isTold = evidence.plan.report.contains {
      if case .rolloutHeld(gang, _) = $0 { true } else { false }
    }
    return isTold && members.allSatisfy { evidence.instance(of: $0)?.phase == .ready }
  }

  private static func gangs(_ evidence: Evidence) -> [Violation.Standing] {
    let pending = Dictionary(evidence.plan.pending.map { ($0.workload, $0) }) { first, _ in first }
    return evidence.input.desired.workloads.flatMap { workload -> [Violation.Standing] in
      guard workload.type == .training else { return [] }
      let members = evidence.members[workload.name] ?? []
      guard !members.isEmpty, members.allSatisfy({ evidence.isComplete($0.node.cluster) }) else {
        return []
      }
      var wrong: [Violation.Standing] = []
      let ordinals = Set(members.map(\.id.ordinal))
      var isSplit = pending[workload.name] != nil || ordinals != Set(0..<ordinals.count)
      let isHeld = isHeld(workload.name, members, evidence)
      if case .range(let range) = workload.replicas, !isHeld {
        isSplit = isSplit || ordinals.count < range.min || ordinals.count > range.max
      }
      if isSplit { wrong.append(.gangSplit(workload.name)) }
      if let step = workload.step, step > 0, !isHeld, ordinals.count % step != 0 {
        wrong.append(.gangOffStep(workload.name, replicas: ordinals.count, step: step))
      }
      if Set(members.map(\.node.cluster)).count > 1 {
        wrong.append(.gangOverClusters(workload.name))
      }
      return wrong
    }
  }
}
