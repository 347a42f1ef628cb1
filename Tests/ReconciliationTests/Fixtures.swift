import Digests
import Model
import Planning
import Reconciliation

let us = ClusterName("us")
let eu = ClusterName("eu")

func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

func nodeID(_ number: Int, in cluster: ClusterName = us) -> NodeID {
  NodeID(cluster, "pool-\(number)")
}

func targetNode(_ number: Int, in cluster: ClusterName = us) -> TargetNode {
  TargetNode(
    id: nodeID(number, in: cluster), pool: PoolName("pool"), instanceType: "p5.48xlarge", zone: "a",
    capacityType: .spot, pricePerHour: Money(micros: 1), capacity: NodeCapacity(amounts: .zero),
    labels: .none, taints: [])
}

func replicaID(_ ordinal: Int) -> ReplicaID { ReplicaID(WorkloadName("train"), ordinal) }

func targetReplica(_ ordinal: Int, on node: Int, in cluster: ClusterName = us, incarnation: Int = 1)
  -> TargetReplica
{
  TargetReplica(
    id: replicaID(ordinal), node: nodeID(node, in: cluster), devices: [], revision: Revision("r"),
    incarnation: incarnation)
}

func target(
  _ nodes: [TargetNode], _ replicas: [TargetReplica] = [], parent: TargetID? = nil,
  desired: String = "desired"
) -> Target {
  Target(
    parent: parent, desired: Digest(of: desired), nodes: nodes, replicas: replicas,
    nextNodeOrdinals: [])
}

func observedNode(
  _ number: Int, in cluster: ClusterName = us, _ phase: ObservedNode.Phase = .ready
) -> ObservedNode {
  ObservedNode(
    id: nodeID(number, in: cluster), pool: PoolName("pool"), instanceType: "p5.48xlarge",
    zone: "a", capacityType: .spot, labels: .none, capacity: NodeCapacity(amounts: .zero),
    phase: phase, createdAt: at(0))
}

func observedReplica(
  _ ordinal: Int, on node: Int, in cluster: ClusterName = us,
  _ phase: ObservedReplica.Phase = .ready, incarnation: Int = 1, restarts: Int = 0
) -> ObservedReplica {
  ObservedReplica(
    id: replicaID(ordinal), node: nodeID(node, in: cluster), devices: [],
    resources: ReplicaResources(), revision: Revision("r"), incarnation: incarnation, phase: phase,
    startedAt: at(0), restarts: restarts)
}

func seen(
  _ nodes: [ObservedNode] = [], _ replicas: [ObservedReplica] = [], in cluster: ClusterName = us,
  isComplete: Bool = true
) -> Reconciler.Event {
  .observed(
    Observation(
      cluster: cluster, at: at(0), isComplete: isComplete, nodes: nodes, replicas: replicas))
}

let train = WorkloadSpec(
  metadata: Metadata(name: "train"), type: .training, replicas: .range(CountRange(1)),
  resources: ReplicaResources())

/// What a differ does, as short as can be: what is missing is made, what is too much goes.
let smallDiff: Reconciler.Diff = { target, _, observed in
  let nodes = Set(observed.nodes.map(\.id))
  let ready = Set(observed.nodes.filter { $0.phase == .ready }.map(\.id))
  let busy = Set(observed.replicas.filter(\.holdsResources).map(\.node))
  let wanted = Set(target.nodes.map(\.id))
  var actions = target.nodes.filter { !nodes.contains($0.id) }
    .map { Action(step: .createNode($0), cause: .wanted) }
  for replica in target.replicas {
    let isThere = observed.replicas.contains {
      $0.id == replica.id && $0.node == replica.node && $0.phase != .lost
    }
    if isThere { continue }
    let order = ReplicaOrder(replica: replica, workload: train, replicaCount: 1)
    actions.append(
      Action(
        step: .startReplica(order), cause: .wanted,
        waits: observed.replicas.filter { $0.id == replica.id && $0.holdsResources }.map {
          .replicaGone($0.id, on: $0.node)
        } + (ready.contains(replica.node) ? [] : [.nodeReady(replica.node)])))
  }
  for replica in observed.replicas where replica.holdsResources && replica.phase != .stopping {
    if !target.replicas.contains(where: { $0.id == replica.id && $0.node == replica.node }) {
      actions.append(
        Action(step: .stopReplica(replica.id, on: replica.node), cause: .unwanted))
    }
  }
  for node in observed.nodes where node.phase != .deleting && !wanted.contains(node.id) {
    actions.append(
      Action(
        step: .deleteNode(node.id), cause: .unwanted,
        waits: busy.contains(node.id) ? [.nodeEmpty(node.id)] : []))
  }
  return actions
}

func reconciler(
  _ mode: Reconciler.Mode = .untilConverged, limits: ReconcilerLimits = ReconcilerLimits()
) -> Reconciler {
  Reconciler(mode: mode, limits: limits, diff: smallDiff)
}

extension [Reconciler.Effect] {
  /// Without what is only told.
  var deeds: [Reconciler.Effect] {
    filter {
      switch $0 {
      case .report, .wake: false
      case .observe, .record, .apply, .replan, .publish, .finish: true
      }
    }
  }

  var events: [JournalEntry.Event] {
    flatMap { effect -> [JournalEntry.Event] in
      if case .record(let entries, _) = effect { entries.map(\.event) } else { [] }
    }
  }

  /// Of what is recorded.
  var keys: [String] {
    flatMap { effect -> [String] in
      if case .record(let entries, _) = effect { entries.map(\.key.text) } else { [] }
    }
  }

  /// Keys of what is begun.
  var intents: [String] {
    flatMap { effect -> [String] in
      guard case .record(let entries, _) = effect else { return [] }
      return entries.filter { $0.event == .intent }.map(\.key.text)
    }
  }

  var applied: [String] {
    compactMap { if case .apply(_, let key) = $0 { key.text } else { nil } }
  }

  var wake: Timestamp? {
    compactMap { if case .wake(let moment) = $0 { moment } else { nil } }.last
  }

  var plan: PlanRequest? {
    compactMap { if case .replan(let request) = $0 { request } else { nil } }.last
  }

  var outcome: Outcome? {
    compactMap { if case .finish(let outcome) = $0 { outcome } else { nil } }.last
  }

  var progress: Progress? {
    compactMap { if case .report(let progress) = $0 { progress } else { nil } }.last
  }
}
