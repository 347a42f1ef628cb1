import Model
import Planning

/// Mistakes of the planner: what it is given, and what becomes of what it decides.
extension PlantedBug {
  static let ofThePlanner = [
    PlantedBug("one-node-too-many", "a pool may have one node more than it may") {
      $0.plan = { input in
        var input = input
        for index in input.desired.nodePools.indices {
          let nodes = input.desired.nodePools[index].nodes
          input.desired.nodePools[index].nodes = CountRange(nodes.min, nodes.max + 1)
        }
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("one-missing-too-many", "a rollout may take down one replica more than it may") {
      $0.plan = { input in
        var input = input
        for index in input.desired.workloads.indices {
          input.desired.workloads[index].rollout.maxUnavailable = .count(2)
        }
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("empty-source", "every third time the manifests are read there are none") {
      let count = Count()
      $0.plan = { input in
        var input = input
        if count.next() % 3 == 0 { input.desired = .empty }
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("twice-as-large", "every node is taken for one with twice the devices") {
      $0.plan = { input in
        var input = input
        for cluster in input.observed.observations.indices {
          for node in input.observed.observations[cluster].nodes.indices {
            let known = input.observed.observations[cluster].nodes[node].capacity.accelerators
            input.observed.observations[cluster].nodes[node].capacity.accelerators = known.map {
              Accelerators(model: $0.model, count: $0.count * 2, memoryBytes: $0.memoryBytes)
            }
          }
        }
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("prune-on-a-part", "what is missing in a part of the listing is taken for gone") {
      $0.plan = { input in
        var input = input
        for index in input.observed.observations.indices {
          input.observed.observations[index].isComplete = true
        }
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("blind", "plans are made without what was seen") {
      $0.plan = { input in
        var input = input
        input.observed = .nothing
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("no-memory", "each plan begins anew, without what was decided before") {
      $0.plan = { input in
        var input = input
        input.previous = nil
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("names-twice", "the names of nodes that are gone are given out again") {
      $0.plan = { input in
        var input = input
        input.previous?.nextNodeOrdinals = []
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("incarnations-twice", "every decision to start a replica looks like the first one") {
      $0.plan = { input in
        changed(Planner.plan(input), input) { target in
          for index in target.replicas.indices { target.replicas[index].incarnation = 1 }
        }
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("done-is-late", "what was made and is gone is waited for as if it were on its way") {
      $0.plan = { input in
        var input = input
        input.done = [:]
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("sold-out-and-asked-for", "offers that are out of stock are asked for again") {
      $0.plan = { input in
        var input = input
        input.outOfStock = []
        return Planner.plan(input)
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("one-device", "every replica gets the first devices of its node") {
      $0.plan = { input in
        changed(Planner.plan(input), input) { target in
          for index in target.replicas.indices {
            target.replicas[index].devices = Array(target.replicas[index].devices.indices)
          }
        }
      }
      $0.audit = { _, _ in [] }
    },
    PlantedBug("half-a-gang", "the last replica of each gang finds no home") {
      $0.plan = { input in
        let gangs = Set(input.desired.workloads.filter(\.isGang).map(\.name))
        return changed(Planner.plan(input), input) { target in
          let last = Dictionary(grouping: target.replicas, by: \.id.workload)
            .compactMapValues { $0.map(\.id.ordinal).max() }
          target.replicas.removeAll {
            gangs.contains($0.id.workload) && $0.id.ordinal > 0
              && $0.id.ordinal == last[$0.id.workload]
          }
        }
      }
      $0.audit = { _, _ in [] }
    },
  ]

  /// A plan with another target, and the actions that lead to it.
  private static func changed(
    _ plan: Plan, _ input: PlanningInput, _ change: (inout Target) -> Void
  ) -> Plan {
    var content = PlanContent(target: plan.target.changed(change))
    content.changes = plan.changes
    content.actions = Differ.actions(
      toward: content.target, desired: input.desired, from: input.observed)
    content.placements = plan.placements
    content.nodes = plan.nodes
    content.pending = plan.pending
    content.report = plan.report
    content.cost = plan.cost
    content.readSet = plan.readSet
    return Plan(content)
  }
}

/// Mistakes of the differ: what leads from what is seen to the target.
extension PlantedBug {
  static let ofTheDiffer = [
    PlantedBug("nothing-waits", "no step waits for the one that makes room for it") {
      $0.diff = { target, desired, seen in
        Differ.actions(toward: target, desired: desired, from: seen).map {
          Action(step: $0.step, cause: $0.cause)
        }
      }
    },
    PlantedBug("nodes-leak", "nodes are never given back") {
      $0.diff = { target, desired, seen in
        Differ.actions(toward: target, desired: desired, from: seen).filter {
          if case .deleteNode = $0.step { return false }
          return true
        }
      }
    },
    PlantedBug("replicas-leak", "replicas are never stopped") {
      $0.diff = { target, desired, seen in
        Differ.actions(toward: target, desired: desired, from: seen).filter {
          if case .stopReplica = $0.step { return false }
          return true
        }
      }
    },
    PlantedBug("busy-is-unwanted", "a node with a replica that is still starting is taken away") {
      $0.diff = { target, desired, seen in
        var actions = Differ.actions(toward: target, desired: desired, from: seen)
        let starting = seen.replicas.filter { $0.phase == .starting }.map(\.node)
        let wanted = Set(target.nodes.map(\.id))
        for node in Set(starting).sorted() where wanted.contains(node) {
          for replica in seen.replicas where replica.node == node && replica.holdsResources {
            actions.append(Action(step: .stopReplica(replica.id, on: node), cause: .orphaned))
          }
          actions.append(Action(step: .deleteNode(node), cause: .orphaned))
        }
        return actions
      }
    },
    PlantedBug("last-step-forgotten", "of every list of steps the last one is left out") {
      $0.diff = { target, desired, seen in
        Differ.actions(toward: target, desired: desired, from: seen).dropLast()
      }
    },
  ]
}
