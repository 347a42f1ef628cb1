import Model

/// Kubernetes' quantities: `191`, `1500m`, `64Gi`, `1e3`, as its servers write them.
enum Amount {
  /// In thousandths, rounded up; nil for what is no quantity.
  static func milli(_ text: String) -> Int64? { value(text, times: 1000) }

  /// Rounded up.
  static func whole(_ text: String) -> Int64? { value(text, times: 1) }

  private static func value(_ text: String, times: Int128) -> Int64? {
    var rest = Substring(text)
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    var digits: Int128 = 0
    var places = 0
    var count = 0
    var isFraction = false
    while let byte = rest.utf8.first {
      if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else if (0x30...0x39).contains(byte) {
        count += 1
        guard count <= 24 else { return nil }
        digits = digits * 10 + Int128(byte - 0x30)
        if isFraction { places += 1 }
      } else {
        break
      }
      rest.removeFirst()
    }
    guard count > 0, var (up, down) = unit(rest) else { return nil }
    up *= times
    for _ in 0..<places { down *= 10 }
    let (product, overflows) = digits.multipliedReportingOverflow(by: up)
    guard !overflows else { return isNegative ? .min : .max }
    let amount = Int64(clamping: (product + down - 1) / down)
    return isNegative ? -amount : amount
  }

  /// What the suffix multiplies by, as a fraction.
  private static func unit(_ suffix: Substring) -> (Int128, Int128)? {
    if let index = suffixes.firstIndex(where: { $0.0 == suffix }) { return suffixes[index].1 }
    guard let first = suffix.first, first == "e" || first == "E",
      let exponent = Int(suffix.dropFirst()), (-9...18).contains(exponent)
    else { return nil }
    let power = (0..<abs(exponent)).reduce(Int128(1)) { power, _ in power * 10 }
    return exponent < 0 ? (1, power) : (power, 1)
  }

  private static let suffixes: [(String, (Int128, Int128))] = [
    ("", (1, 1)), ("n", (1, 1_000_000_000)), ("u", (1, 1_000_000)), ("m", (1, 1000)),
    ("k", (1000, 1)), ("M", (1_000_000, 1)), ("G", (1_000_000_000, 1)),
    ("T", (1_000_000_000_000, 1)), ("P", (1_000_000_000_000_000, 1)),
    ("E", (1_000_000_000_000_000_000, 1)), ("Ki", (1 << 10, 1)), ("Mi", (1 << 20, 1)),
    ("Gi", (1 << 30, 1)), ("Ti", (1 << 40, 1)), ("Pi", (1 << 50, 1)), ("Ei", (1 << 60, 1)),
  ]
}

/// Amounts of what Kubernetes counts, of a node or of what a pod asks for.
struct Amounts: Hashable, Sendable {
  var cpuMilli: Int64 = 0
  var memoryBytes: Int64 = 0
  var storageBytes: Int64 = 0
  /// Of resources that have a domain in their name, such as `nvidia.com/gpu`.
  var extended: [String: Int64] = [:]

  /// Puts in one entry of a list of resources; what can't be read counts as nothing.
  mutating func set(_ name: String, _ text: String) {
    switch name {
    case "cpu": cpuMilli = Amount.milli(text) ?? 0
    case "memory": memoryBytes = Amount.whole(text) ?? 0
    case "ephemeral-storage": storageBytes = Amount.whole(text) ?? 0
    default: if name.contains("/") { extended[name] = Amount.whole(text) ?? 0 }
    }
  }

  mutating func add(_ other: Amounts) { self = combined(with: other) { $0.addingSaturated($1) } }

  func most(of other: Amounts) -> Amounts { combined(with: other, max) }

  private func combined(with other: Amounts, _ combine: (Int64, Int64) -> Int64) -> Amounts {
    Amounts(
      cpuMilli: combine(cpuMilli, other.cpuMilli),
      memoryBytes: combine(memoryBytes, other.memoryBytes),
      storageBytes: combine(storageBytes, other.storageBytes),
      extended: extended.merging(other.extended, uniquingKeysWith: combine))
  }
}
