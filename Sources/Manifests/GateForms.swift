import Model
import YAML

// A predicate is an enumeration, and a table speaks of properties: each case as an optional value.

enum CostIncrease: Hashable, Sendable {
  case perHour(Money)
  case percent(Int)
}

struct Gang: Hashable, Sendable {
  var model: AcceleratorModel
  var devices: Int
}

extension GatePredicate {
  var preempted: Labels? {
    get { if case .preempts(let labels) = self { labels } else { nil } }
    set { if let newValue { self = .preempts(newValue) } }
  }

  var costIncrease: CostIncrease? {
    get {
      switch self {
      case .costIncreaseAbove(let perHour): .perHour(perHour)
      case .costIncreaseAbovePercent(let percent): .percent(percent)
      case .preempts, .costAbove, .pending, .deletes, .replaces, .movesMoreThan, .nodesOutside,
        .touchesProtected:
        nil
      }
    }
    set {
      switch newValue {
      case .perHour(let money): self = .costIncreaseAbove(perHour: money)
      case .percent(let percent): self = .costIncreaseAbovePercent(percent)
      case nil: break
      }
    }
  }

  var cost: Money? {
    get { if case .costAbove(let perHour) = self { perHour } else { nil } }
    set { if let newValue { self = .costAbove(perHour: newValue) } }
  }

  var isPending: Yes? {
    get { self == .pending ? Yes() : nil }
    set { if newValue != nil { self = .pending } }
  }

  var deletion: Deletion? {
    get {
      if case .deletes(let kind, let share) = self {
        Deletion(kind: kind, moreThan: share)
      } else {
        nil
      }
    }
    set { if let newValue { self = .deletes(kind: newValue.kind, moreThan: newValue.moreThan) } }
  }

  var isReplaces: Yes? {
    get { self == .replaces ? Yes() : nil }
    set { if newValue != nil { self = .replaces } }
  }

  var moves: Int? {
    get { if case .movesMoreThan(let count) = self { count } else { nil } }
    set { if let newValue { self = .movesMoreThan(newValue) } }
  }

  var approvedPools: [PoolName]? {
    get { if case .nodesOutside(let pools) = self { pools } else { nil } }
    set { if let newValue { self = .nodesOutside(newValue) } }
  }

  var isTouchesProtected: Yes? {
    get { self == .touchesProtected ? Yes() : nil }
    set { if newValue != nil { self = .touchesProtected } }
  }
}

extension GateRequirement {
  var gang: Gang? {
    get {
      if case .schedulableGang(let model, let devices) = self {
        Gang(model: model, devices: devices)
      } else {
        nil
      }
    }
    set { if let newValue { self = .schedulableGang(newValue.model, devices: newValue.devices) } }
  }

  var isSettles: Yes? {
    get { self == .settles ? Yes() : nil }
    set { if newValue != nil { self = .settles } }
  }

  var survived: LossSpec? {
    get { if case .survives(let level) = self { LossSpec(loss: level) } else { nil } }
    set { if let newValue { self = .survives(newValue.loss) } }
  }
}

/// What a field says that is either there or not: `pending: true`.
struct Yes: Hashable, Sendable {}

extension Form<Yes> {
  static let yes = Form(
    .word("true"), write: { _ in .plain("true") },
    read: { node, reading in
      if node.hasText("true") { return Yes() }
      reading.report(.unknownValue(node, known: ["true"]))
      return nil
    })
}

extension Form<Labels> {
  /// Labels, or `true` for none in particular.
  static let labelsOrTrue = Form(
    .either(Form.labels.shape, .word("true")),
    write: { Form.labels.write($0) ?? .plain("true") },
    read: { node, reading in
      node.hasText("true") ? Labels.none : Form.labels.read(node, &reading)
    })
}

extension Form<CostIncrease> {
  /// `$50/h` or `20%`.
  static let costIncrease = Form(
    TextShape(
      noun: "a price per hour or a percentage", examples: ["$50/h", "20%"],
      pattern: "^\\$[0-9]+(\\.[0-9]{1,6})?/h$|^[0-9]+%$"),
    code: .invalidMoney,
    print: { increase in
      switch increase {
      case .perHour(let money): .plain(money.perHourText)
      case .percent(let percent): .plain("\(percent)%")
      }
    },
    parse: { utf8 throws(TextProblem) in
      guard utf8.last == UInt8(ascii: "%") else { return .perHour(try Money.parsePerHour(utf8)) }
      let percent = try Int64.parse(utf8.dropLast())
      guard (0...percentMax).contains(percent) else {
        throw .outOfRange(bound: "0% to \(percentMax)%")
      }
      return .percent(Int(percent))
    })

  private static let percentMax: Int64 = 100_000
}

extension Form<Gang> {
  static let gang = Form(
    TextShape(
      noun: "an accelerator model with a number of devices", examples: ["H100:32"],
      pattern: "^[A-Za-z0-9._-]+:[0-9]+$"),
    code: .invalidAccelerator, print: { .plain("\($0.model):\($0.devices)") },
    parse: { utf8 throws(TextProblem) in
      guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")) else {
        throw .malformed(help: "write the number of devices, such as 'H100:32'")
      }
      let model = try AcceleratorModel.parse(utf8[..<colon])
      let devices = try Int64.parse(utf8[(colon + 1)...])
      guard (1...devicesMax).contains(devices) else {
        throw .outOfRange(bound: "1 to \(devicesMax) devices")
      }
      return Gang(model: model, devices: Int(devices))
    })

  private static let devicesMax: Int64 = 100_000
}
