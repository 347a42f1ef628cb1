/// A number as written, exact: `mantissa` / 10^`places`, of which trailing zeros don't count.
struct ExactNumber: Hashable {
  var mantissa: Int128
  var places: Int

  /// More digits than this make no sense in any of our units.
  private static let digitsMax = 27
  private static let mantissaMax = power(digitsMax)
  private static let exponentMax = 30

  /// Takes `96`, `1.5`, `.5`, `1.`, `1e3` or `2.5E-3` from the front of `scanner`; the `E` of `1E` and
  /// `1Ei` is left, as it is a unit there.
  init(from scanner: inout TextScanner) throws(TextProblem) {
    if scanner.isNext("-") { throw .malformed(help: "it can't be negative") }
    mantissa = 0
    places = 0
    var length = 0
    var zeros = 0
    var isFraction = false
    while true {
      if let digit = scanner.digit() {
        length += 1
        guard isFraction else {
          try append(digit)
          continue
        }
        if digit == 0 {
          zeros += 1
          continue
        }
        for _ in 0..<zeros { try append(0) }
        try append(digit)
        places += zeros + 1
        zeros = 0
      } else if !isFraction, scanner.isNext("."), !scanner.rest.dropFirst().starts(with: [46]) {
        isFraction = scanner.take(".")
      } else {
        break
      }
    }
    guard length > 0 else { throw .malformed }
    places -= try Self.exponent(from: &scanner)
  }

  private mutating func append(_ digit: Int) throws(TextProblem) {
    guard mantissa < Self.mantissaMax else {
      throw .outOfRange(bound: "at most \(Self.digitsMax) digits")
    }
    mantissa = mantissa * 10 + Int128(digit)
  }

  private static func exponent(from scanner: inout TextScanner) throws(TextProblem) -> Int {
    guard scanner.isNext("e") || scanner.isNext("E") else { return 0 }
    var ahead = TextScanner(scanner.rest.dropFirst())
    let isNegative = ahead.take("-")
    if !isNegative { _ = ahead.take("+") }
    guard let exponent = ahead.digits() else { return 0 }
    guard exponent <= exponentMax else {
      throw .outOfRange(bound: "at most \(exponentMax) as exponent")
    }
    scanner = ahead
    return isNegative ? -Int(exponent) : Int(exponent)
  }

  /// This number × `times` / `over` where that is whole; nil where it is not or doesn't fit.
  func whole(times: Int128, over: Int128 = 1) -> Whole {
    if mantissa == 0 { return .exact(0) }
    guard abs(places) <= 37 else { return places < 0 ? .tooLarge : .tooFine }
    let (scaled, overflow) = mantissa.multipliedReportingOverflow(by: times)
    let power = Self.power(abs(places))
    guard !overflow else { return .tooLarge }
    if places <= 0 {
      let (product, overflow) = scaled.multipliedReportingOverflow(by: power)
      guard !overflow else { return .tooLarge }
      return product % over == 0 ? .exact(product / over) : .tooFine
    }
    let (divisor, isHuge) = power.multipliedReportingOverflow(by: over)
    guard !isHuge else { return .tooFine }
    return scaled % divisor == 0 ? .exact(scaled / divisor) : .tooFine
  }

  enum Whole: Hashable {
    case exact(Int128)
    case tooLarge
    /// It has a fraction that the wanted unit can't express.
    case tooFine
  }

  /// 10 to the power of 0 to 38.
  static func power(_ exponent: Int) -> Int128 {
    var power: Int128 = 1
    for _ in 0..<exponent { power *= 10 }
    return power
  }
}

extension Int64 {
  /// `self` / 10^`places` in decimal digits, with at least `atLeast` behind the point.
  public func decimalText(places: Int, atLeast: Int = 0) -> String {
    let power = UInt64(clamping: ExactNumber.power(places))
    let (whole, fraction) = magnitude.quotientAndRemainder(dividingBy: power)
    var digits = Array(String(fraction).utf8)
    digits.insert(contentsOf: repeatElement(48, count: places - digits.count), at: 0)
    while digits.count > atLeast, digits.last == 48 { digits.removeLast() }
    let sign = self < 0 ? "-" : ""
    let head = sign + String(whole)
    return digits.isEmpty ? head : head + "." + String(decoding: digits, as: UTF8.self)
  }
}
