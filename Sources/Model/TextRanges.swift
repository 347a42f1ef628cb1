extension CountRange: TextForm {
  /// The greatest count that a text may say.
  public static let textMax = 10_000_000

  /// `4` or `2..16`.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> CountRange {
    guard let (lower, upper) = halves(of: utf8) else { return CountRange(try count(utf8)) }
    guard !lower.isEmpty, !upper.isEmpty else {
      throw .malformed(help: "write both bounds, such as '2..16'")
    }
    let (min, max) = (try count(lower), try count(upper))
    guard min <= max else {
      throw .malformed(help: "write the lower bound first: '\(max)..\(min)'")
    }
    return CountRange(min, max)
  }

  private static func count(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Int {
    let count = try Int64.parse(utf8)
    guard (0...Int64(textMax)).contains(count) else {
      throw .outOfRange(bound: "0 to \(textMax)")
    }
    return Int(count)
  }

  public var description: String { isFixed ? "\(min)" : "\(min)..\(max)" }
}

extension AmountRange {
  /// `96`, `64..128`, `512Gi..` or `..96`, the bounds written as `quantity` has it.
  public static func parse(
    _ utf8: ArraySlice<UInt8>, as quantity: Quantity
  ) throws(TextProblem) -> AmountRange {
    guard let (lower, upper) = halves(of: utf8) else {
      let amount = try quantity.parse(utf8)
      return AmountRange(min: amount, max: amount)
    }
    guard !lower.isEmpty || !upper.isEmpty else { throw .malformed }
    let min = lower.isEmpty ? nil : try quantity.parse(lower)
    let max = upper.isEmpty ? nil : try quantity.parse(upper)
    if let min, let max, min > max {
      throw .malformed(help: "write the lower bound first")
    }
    return AmountRange(min: min, max: max)
  }

  /// The canonical text; `0..` where it is open at both ends.
  public func text(as quantity: Quantity) -> String {
    switch (min, max) {
    case (let min?, let max?) where min == max: quantity.text(min)
    case (let min, nil): "\(quantity.text(min ?? 0)).."
    case (let min, let max?): "\(min.map(quantity.text) ?? "")..\(quantity.text(max))"
    }
  }
}

/// What stands before and after the first `..`.
private func halves(
  of utf8: ArraySlice<UInt8>
) -> (lower: ArraySlice<UInt8>, upper: ArraySlice<UInt8>)? {
  let dot = UInt8(ascii: ".")
  for index in utf8.indices.dropLast() where utf8[index] == dot && utf8[index + 1] == dot {
    return (utf8[..<index], utf8[(index + 2)...])
  }
  return nil
}

extension Share: TextForm {
  /// `10%` or `1`.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Share {
    let isPercent = utf8.last == UInt8(ascii: "%")
    let number = try Int64.parse(isPercent ? utf8.dropLast() : utf8)
    let bounds: ClosedRange<Int64> = isPercent ? 0...100 : 0...Int64(CountRange.textMax)
    guard bounds.contains(number) else {
      let unit = isPercent ? "%" : ""
      throw .outOfRange(bound: "\(bounds.lowerBound)\(unit) to \(bounds.upperBound)\(unit)")
    }
    return isPercent ? .percent(Int(number)) : .count(Int(number))
  }

  public var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let percent): "\(percent)%"
    }
  }
}
