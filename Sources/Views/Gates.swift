import Model
import Planning

/// What gates deny and require, in words.
enum Gates {
  static func text(_ rule: GateRule) -> String {
    switch rule {
    case .deny(let predicate): "denies a plan that \(text(predicate))"
    case .require(let requirement): "requires \(text(requirement))"
    }
  }

  static func text(_ predicate: GatePredicate) -> String {
    switch predicate {
    case .preempts(let labels):
      labels.isEmpty
        ? "preempts any replica" : "preempts replicas labelled \(LabelText.list(labels))"
    case .costIncreaseAbove(let money): "raises the cost by more than \(money.perHourText)"
    case .costIncreaseAbovePercent(let percent): "raises the cost by more than \(percent)%"
    case .costAbove(let money): "costs more than \(money.perHourText) in all"
    case .pending: "leaves replicas pending"
    case .deletes(let kind, let share): deletes(kind?.rawValue ?? "object", moreThan: share)
    case .replaces: "replaces running replicas"
    case .movesMoreThan(let count): "moves more than \(counted(count, "replica"))"
    case .nodesOutside(let pools):
      pools.isEmpty
        ? "buys nodes"
        : "buys nodes for other pools than \(pools.map(\.text).joined(separator: ", "))"
    case .touchesProtected: "touches what is protected"
    }
  }

  /// `deletes more than 3 NodePools`, `deletes any NodePool`, `deletes more than 20% of all Workloads`
  private static func deletes(_ thing: String, moreThan share: Share) -> String {
    switch share {
    case .count(0), .percent(0): "deletes any \(thing)"
    case .count(let count): "deletes more than \(counted(count, thing))"
    case .percent(let percent): "deletes more than \(percent)% of all \(thing)s"
    }
  }

  static func text(_ requirement: GateRequirement) -> String {
    switch requirement {
    case .schedulableGang(let model, let devices): "room left for a gang of \(model):\(devices)"
    case .settles: "that planning again comes to rest"
    case .survives(let level): "a home for everybody if any one \(level.rawValue) were lost"
    }
  }
}

enum LabelText {
  /// `env=prod, tier=gold`
  static func list(_ labels: Labels) -> String {
    labels.pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
  }
}
