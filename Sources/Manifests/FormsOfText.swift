import Diagnostics
import Model
import YAML

// The forms of single words. Each reads the raw text of a scalar, quoted or not, so that nothing that
// YAML may make of `no`, `1.10` or `0777` ever matters.

extension Form where Value: TextForm & Sendable {
  fileprivate init(_ shape: TextShape, code: Code) {
    self.init(shape, code: code, print: { .plain($0.description) }, parse: Value.parse)
  }
}

extension Form<Seconds> {
  static let duration = Form(
    TextShape(
      noun: "a duration", examples: ["90s", "30m", "1h30m", "7d"],
      pattern: "^(?=[0-9])([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"),
    code: .invalidDuration)
}

extension Form<Seconds?> {
  /// A duration, or `never`, which is nil.
  static let durationOrNever = Form(
    .either(Form<Seconds>.duration.shape, .word("never")),
    write: { $0.flatMap(Form<Seconds>.duration.write) ?? .plain("never") },
    read: { node, reading in
      if node.hasText("never") { return .some(nil) }
      return Form<Seconds>.duration.read(node, &reading).map { .some($0) }
    })
}

extension Form<Money> {
  static let pricePerHour = Form(
    TextShape(
      noun: "a price per hour", examples: ["$25.00/h", "$2500/h"],
      pattern: "^\\$[0-9]+(\\.[0-9]{1,6})?/h$"),
    code: .invalidMoney, print: { .plain($0.perHourText) }, parse: Money.parsePerHour)

  static let money = Form(
    TextShape(
      noun: "an amount of money", examples: ["$40000", "$2500.50"],
      pattern: "^\\$[0-9]+(\\.[0-9]{1,6})?$"),
    code: .invalidMoney)
}

extension Form<CountRange> {
  /// A number or a range within `bounds`.
  static func counts(_ bounds: ClosedRange<Int>) -> Form {
    Form(
      TextShape(
        noun: "a number or a range", examples: ["4", "2..16"],
        pattern: "^[0-9]+(\\.\\.[0-9]+)?$", plain: .number),
      code: .invalidRange, print: { .plain($0.description) },
      parse: { utf8 throws(TextProblem) in
        let range = try CountRange.parse(utf8)
        guard bounds.contains(range.min), bounds.contains(range.max) else {
          throw .outOfRange(bound: "\(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return range
      })
  }
}

extension Form<AmountRange> {
  /// A range of amounts, open at either end.
  static func amounts(_ quantity: Quantity, examples: [String]) -> Form {
    Form(
      TextShape(
        noun: "an amount or a range of amounts", examples: examples,
        pattern: "^[0-9.]+[A-Za-z]*(\\.\\.([0-9.]+[A-Za-z]*)?)?$|^\\.\\.[0-9.]+[A-Za-z]*$",
        plain: .number),
      code: .invalidRange, print: { .plain($0.text(as: quantity)) },
      parse: { utf8 throws(TextProblem) in try AmountRange.parse(utf8, as: quantity) })
  }
}

extension Form<Share> {
  static let share = Form(
    TextShape(
      noun: "a number or a percentage", examples: ["1", "10%"], pattern: "^[0-9]+%?$",
      plain: .number),
    code: .invalidShare)
}

extension Form<Int64> {
  static func integer(_ bounds: ClosedRange<Int64>) -> Form {
    Form(
      .integer(bounds), write: { .plain(String($0)) },
      read: { node, reading in
        let noun = Shape.integer(bounds).noun
        guard node.kind == .scalar, !node.isRefused else {
          reading.report(.wrongType(node, expected: noun))
          return nil
        }
        let shape = TextShape(noun: "a whole number", examples: [], pattern: nil)
        do throws(TextProblem) {
          let number = try Int64.parse(node.utf8)
          guard bounds.contains(number) else {
            throw .outOfRange(bound: "\(bounds.lowerBound) to \(bounds.upperBound)")
          }
          return number
        } catch {
          reading.report(.badText(node, error, expected: shape, .invalidInteger))
          return nil
        }
      })
  }

  /// An amount in the unit that `quantity` is kept in; none is not written.
  static func amount(_ quantity: Quantity) -> Form {
    Form(
      quantity.shape, code: .invalidQuantity, print: { .plain(quantity.text($0)) },
      parse: { utf8 throws(TextProblem) in try quantity.parse(utf8) })
  }
}

extension Form<Int> {
  static func integer(_ bounds: ClosedRange<Int>) -> Form {
    let form = Form<Int64>.integer(Int64(bounds.lowerBound)...Int64(bounds.upperBound))
    return Form(
      form.shape, write: { form.write(Int64($0)) },
      read: { form.read($0, &$1).map { Int(clamping: $0) } })
  }
}

extension Form<Bool> {
  static let boolean = Form(
    .boolean, write: { .plain($0 ? "true" : "false") },
    read: { node, reading in
      if node.hasText("true") { return true }
      if node.hasText("false") { return false }
      reading.report(.notBoolean(node))
      return nil
    })
}

extension Quantity {
  fileprivate var shape: TextShape {
    switch self {
    case .cores:
      TextShape(
        noun: "a number of cores", examples: ["96", "500m"],
        pattern: "^[0-9]*\\.?[0-9]*([eE][+-]?[0-9]+)?[mk]?$", plain: .number)
    case .bytes:
      TextShape(
        noun: "an amount of bytes", examples: ["512Gi", "1T"],
        pattern: "^[0-9]*\\.?[0-9]*([eE][+-]?[0-9]+)?([kMGTPE]|[KMGTPE]i|B)$|^0$")
    case .bandwidth:
      TextShape(
        noun: "a bandwidth", examples: ["100Gbps"],
        pattern: "^[0-9]*\\.?[0-9]*([eE][+-]?[0-9]+)?[kMGT]?bps$|^0$")
    case .decimal:
      TextShape(
        noun: "a number with at most three decimals", examples: ["50", "0.125"],
        pattern: "^[0-9]*\\.?[0-9]*([eE][+-]?[0-9]+)?$", plain: .number)
    case .count:
      TextShape(noun: "a number", examples: ["8"], pattern: "^[0-9]+$", plain: .number)
    }
  }
}
