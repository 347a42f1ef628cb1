public import JSON
import Model
public import Planning

extension GateOutcome: DocumentPart {
  public func write(to writer: inout JSONWriter) {
    writer.member("gate", gate.text)
    switch rule {
    case .deny(let predicate):
      writer.member("rule", "deny")
      writer.member("effect", predicate)
    case .require(let requirement):
      writer.member("rule", "require")
      writer.member("property", requirement)
    }
    writer.member("isBroken", isBroken)
    writer.member("findings", findings)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      gate: GateName(try object.text("gate")),
      rule: try object.oneOf(
        "rule",
        [
          .init("deny") { (object) throws(DocumentProblem) in .deny(try object.part("effect")) },
          .init("require") { (object) throws(DocumentProblem) in
            .require(try object.part("property"))
          },
        ]), findings: try object.texts("findings"))
    let isBroken = try object.bool("isBroken")
    try object.require(
      isBroken == self.isBroken, "isBroken", "a rule is broken where it has findings")
  }
}

extension GatePredicate: DocumentPart {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .preempts(let labels):
      writer.member("word", "preempts")
      writer.member("labels", labels.pairs)
    case .costIncreaseAbove(let perHour):
      writer.member("word", "costIncreaseAbove")
      writer.member("perHourMicros", perHour.micros)
    case .costIncreaseAbovePercent(let percent):
      writer.member("word", "costIncreaseAbovePercent")
      writer.member("percent", percent)
    case .costAbove(let perHour):
      writer.member("word", "costAbove")
      writer.member("perHourMicros", perHour.micros)
    case .pending: writer.member("word", "pending")
    case .deletes(let kind, let share):
      writer.member("word", "deletes")
      writer.member("kind", ifPresent: kind?.rawValue)
      writer.member("moreThan", share)
    case .replaces: writer.member("word", "replaces")
    case .movesMoreThan(let count):
      writer.member("word", "movesMoreThan")
      writer.member("count", count)
    case .nodesOutside(let pools):
      writer.member("word", "nodesOutside")
      writer.member("pools", pools.map(\.text))
    case .touchesProtected: writer.member("word", "touchesProtected")
    }
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf("word", Self.forms)
  }

  private static let forms: [ObjectReader.Form<GatePredicate>] = [
    .init("preempts") { (object) throws(DocumentProblem) in
      .preempts(try object.labels("labels"))
    },
    .init("costIncreaseAbove") { (object) throws(DocumentProblem) in
      .costIncreaseAbove(perHour: Money(micros: try object.int64("perHourMicros")))
    },
    .init("costIncreaseAbovePercent") { (object) throws(DocumentProblem) in
      .costIncreaseAbovePercent(try object.int("percent"))
    },
    .init("costAbove") { (object) throws(DocumentProblem) in
      .costAbove(perHour: Money(micros: try object.int64("perHourMicros")))
    },
    .init("pending") { _ in .pending },
    .init("deletes") { (object) throws(DocumentProblem) in
      .deletes(kind: try object.optionalWord("kind"), moreThan: try object.part("moreThan"))
    },
    .init("replaces") { _ in .replaces },
    .init("movesMoreThan") { (object) throws(DocumentProblem) in
      .movesMoreThan(try object.int("count"))
    },
    .init("nodesOutside") { (object) throws(DocumentProblem) in
      .nodesOutside(try object.texts("pools").map { PoolName($0) })
    },
    .init("touchesProtected") { _ in .touchesProtected },
  ]
}

extension GateRequirement: DocumentPart {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .schedulableGang(let model, let devices):
      writer.member("word", "schedulableGang")
      writer.member("model", model.text)
      writer.member("devices", devices)
    case .settles: writer.member("word", "settles")
    case .survives(let level):
      writer.member("word", "survives")
      writer.member("loss", level.rawValue)
    }
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf(
      "word",
      [
        .init("schedulableGang") { (object) throws(DocumentProblem) in
          .schedulableGang(
            AcceleratorModel(try object.text("model")), devices: try object.int("devices"))
        },
        .init("settles") { _ in .settles },
        .init("survives") { (object) throws(DocumentProblem) in
          .survives(try object.word("loss"))
        },
      ])
  }
}

extension Share: DocumentPart {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .count(let count):
      writer.member("of", "count")
      writer.member("count", count)
    case .percent(let percent):
      writer.member("of", "percent")
      writer.member("percent", percent)
    }
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf(
      "of",
      [
        .init("count") { (object) throws(DocumentProblem) in .count(try object.int("count")) },
        .init("percent") { (object) throws(DocumentProblem) in
          .percent(try object.int("percent"))
        },
      ])
  }
}
