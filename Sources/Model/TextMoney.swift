extension Money: TextForm {
  /// An amount: `$40000`, `$41.20`, `$0.000125`; a dollar sign and up to six decimals.
  public static func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Money {
    if utf8.ends(with: "/h") {
      throw .malformed(help: "write an amount without '/h'")
    }
    return try amount(utf8)
  }

  /// A price per hour: `$25/h`, `$2.50/h`.
  public static func parsePerHour(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Money {
    guard let slash = utf8.firstIndex(of: UInt8(ascii: "/")) else {
      let amount = try amount(utf8)
      throw .missingUnit(help: "prices are per hour: write '\(amount.perHourText)'")
    }
    let amount = try amount(utf8[..<slash])
    guard utf8.ends(with: "/h") else {
      throw .malformed(help: "prices are per hour: write '\(amount.perHourText)'")
    }
    return amount
  }

  private static func amount(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Money {
    var scanner = TextScanner(utf8)
    let hasSign = scanner.take("$")
    let number = try ExactNumber(from: &scanner)
    guard scanner.isAtEnd else {
      throw .malformed(help: scanner.isNext(",") ? "write it without ','" : nil)
    }
    guard hasSign else { throw .missingUnit(help: "amounts are in dollars: write '$' before it") }
    switch number.whole(times: 1_000_000) {
    case .exact(let micros):
      guard let micros = Int64(exactly: micros), micros < .max else {
        throw .outOfRange(bound: bound)
      }
      return Money(micros: micros)
    case .tooLarge: throw .outOfRange(bound: bound)
    case .tooFine: throw .outOfRange(bound: "at most six decimals")
    }
  }

  private static let bound = "less than $9223372036854"

  /// `$41.20`; two decimals, up to six where there are more.
  public var description: String {
    let digits = Int64(clamping: micros.magnitude).decimalText(places: 6, atLeast: 2)
    return micros < 0 ? "-$\(digits)" : "$\(digits)"
  }

  /// `$41.20/h`.
  public var perHourText: String { "\(self)/h" }
}

extension ArraySlice<UInt8> {
  func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
