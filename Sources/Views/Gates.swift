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
    case .costIncreaseAbove(let money): "costs more than \(money.perHourText) more"
    case .costIncreaseAbovePercent(let percent): "costs more than \(percent)% more"
    case .costAbove(let money): "costs more than \(money.perHourText) in all"
    case .pending: "leaves replicas pending"
    case .deletes(let kind, let share):
      "deletes more than \(share) \(kind.map { "of kind \($0.rawValue)" } ?? "of all objects")"
    case .replaces: "replaces running replicas"
    case .movesMoreThan(let count): "moves more than \(counted(count, "replica"))"
    }
  }

  static func text(_ requirement: GateRequirement) -> String {
    switch requirement {
    case .schedulableGang(let model, let devices): "room left for a gang of \(model):\(devices)"
    }
  }
}

enum LabelText {
  /// `env=prod, tier=gold`
  static func list(_ labels: Labels) -> String {
    labels.pairs.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
  }
}
