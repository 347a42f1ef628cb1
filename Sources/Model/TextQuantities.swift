/// The ways in which amounts are written, each with the unit in which it is kept.
///
/// The grammar is Kubernetes' where both have it: decimal digits, a fraction or an exponent, and a
/// suffix. Amounts are exact: one that its unit can't express is refused and never rounded.
public enum Quantity: Hashable, Sendable, CaseIterable {
  /// `96`, `1.5`, `500m`; kept in thousandths of a core.
  case cores
  /// `512Gi`, `1.5T`, `100B`; kept in bytes. A number without a unit is refused, but for 0.
  case bytes
  /// `100Gbps`; kept in bits per second. A number without a unit is refused, but for 0.
  case bandwidth
  /// `0.125`, `1e3`; kept in thousandths.
  case decimal
  /// `8`; kept as it is.
  case count

  public func parse(_ text: String) throws(TextProblem) -> Int64 {
    try parse(Array(text.utf8)[...])
  }

  public func parse(_ utf8: ArraySlice<UInt8>) throws(TextProblem) -> Int64 {
    var scanner = TextScanner(utf8)
    let number = try ExactNumber(from: &scanner)
    guard let unit = units.first(where: { scanner.rest.elementsEqual($0.suffix.utf8) }) else {
      if scanner.isAtEnd {
        if number.mantissa == 0 { return 0 }
        throw .missingUnit(help: missingUnitHelp(String(decoding: utf8, as: UTF8.self)))
      }
      throw .malformed(help: suffixHelp(String(decoding: scanner.rest, as: UTF8.self)))
    }
    switch number.whole(times: unit.times) {
    case .exact(let amount):
      guard let amount = Int64(exactly: amount), amount < .max else {
        throw .outOfRange(bound: bound)
      }
      return amount
    case .tooLarge: throw .outOfRange(bound: bound)
    case .tooFine: throw .outOfRange(bound: "a multiple of \(finest)")
    }
  }

  /// The canonical text of `amount`, which is kept in the unit of this quantity.
  public func text(_ amount: Int64) -> String {
    if amount < 0 { return "-" + text(Int64(clamping: amount.magnitude)) }
    switch self {
    case .cores: return amount % 1000 == 0 ? String(amount / 1000) : "\(amount)m"
    case .decimal: return amount.decimalText(places: 3)
    case .count: return String(amount)
    case .bytes, .bandwidth: return shortest(amount)
    }
  }

  /// The text with the fewest digits; the greater unit, and then the binary one, where two have it.
  private func shortest(_ amount: Int64) -> String {
    if amount == 0 { return "0" }
    var best = String(repeating: "9", count: 20)
    for unit in units.reversed() where Int128(amount) % unit.times == 0 {
      let text = "\(Int128(amount) / unit.times)\(unit.suffix)"
      if text.utf8.prefix(while: Self.isDigit).count < best.utf8.prefix(while: Self.isDigit).count {
        best = text
      }
    }
    return best
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
}

// MARK: Units

struct QuantityUnit: Hashable, Sendable {
  let suffix: String
  /// What one of it is in the unit that the quantity is kept in.
  let times: Int128
}

extension Quantity {
  var units: [QuantityUnit] {
    switch self {
    case .cores: Self.coreUnits
    case .bytes: Self.byteUnits
    case .bandwidth: Self.bandwidthUnits
    case .decimal: Self.decimalUnits
    case .count: Self.countUnits
    }
  }

  private static let coreUnits = [
    QuantityUnit(suffix: "", times: 1000), QuantityUnit(suffix: "m", times: 1),
    QuantityUnit(suffix: "k", times: 1_000_000),
  ]

  private static let decimalUnits = [QuantityUnit(suffix: "", times: 1000)]
  private static let countUnits = [QuantityUnit(suffix: "", times: 1)]

  private static let byteUnits = [
    QuantityUnit(suffix: "B", times: 1),
    QuantityUnit(suffix: "k", times: 1_000), QuantityUnit(suffix: "Ki", times: 1 << 10),
    QuantityUnit(suffix: "M", times: 1_000_000), QuantityUnit(suffix: "Mi", times: 1 << 20),
    QuantityUnit(suffix: "G", times: 1_000_000_000), QuantityUnit(suffix: "Gi", times: 1 << 30),
    QuantityUnit(suffix: "T", times: 1_000_000_000_000), QuantityUnit(suffix: "Ti", times: 1 << 40),
    QuantityUnit(suffix: "P", times: 1_000_000_000_000_000),
    QuantityUnit(suffix: "Pi", times: 1 << 50),
    QuantityUnit(suffix: "E", times: 1_000_000_000_000_000_000),
    QuantityUnit(suffix: "Ei", times: 1 << 60),
  ]

  private static let bandwidthUnits = [
    QuantityUnit(suffix: "bps", times: 1), QuantityUnit(suffix: "kbps", times: 1_000),
    QuantityUnit(suffix: "Mbps", times: 1_000_000),
    QuantityUnit(suffix: "Gbps", times: 1_000_000_000),
    QuantityUnit(suffix: "Tbps", times: 1_000_000_000_000),
  ]

  private var bound: String {
    switch self {
    case .cores, .decimal: "less than 9223372036854775"
    case .bytes: "less than 8Ei"
    case .bandwidth: "less than 9223372Tbps"
    case .count: "less than \(Int64.max)"
    }
  }

  private var finest: String {
    switch self {
    case .cores: "1m, a thousandth of a core"
    case .bytes: "one byte"
    case .bandwidth: "1bps"
    case .decimal: "0.001"
    case .count: "1"
    }
  }

  private func missingUnitHelp(_ number: String) -> String {
    switch self {
    case .bytes: "write the unit, such as '\(number)Gi' or '\(number)Mi'"
    case .bandwidth: "write the unit, such as '\(number)Gbps'"
    case .cores, .decimal, .count: "write a number"
    }
  }

  /// The way out of a suffix that this quantity doesn't have.
  private func suffixHelp(_ suffix: String) -> String {
    switch self {
    case .cores: return "write cores as '96' or thousandths of one as '500m'"
    case .bytes:
      if suffix == "m" { return "'m' is a thousandth; write 'M' or 'Mi'" }
      if suffix.utf8.last == UInt8(ascii: "B"), units.contains(where: { $0.suffix + "B" == suffix })
      {
        return "write '\(suffix.dropLast())' for '\(suffix)'"
      }
      return "units are k, M, G, T, P, E and Ki, Mi, Gi, Ti, Pi, Ei"
    case .bandwidth: return "units are bps, kbps, Mbps, Gbps and Tbps"
    case .decimal, .count: return "write a number without a unit"
    }
  }
}
