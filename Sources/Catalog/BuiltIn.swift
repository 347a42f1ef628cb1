import Model

extension Catalog {
  /// What AI teams rent in five regions of three clouds, read from the tables once.
  public static let builtIn: Catalog = {
    let sections = BuiltIn.sections
    return Catalog(
      regions: sections.map(\.region),
      instanceTypes: BuiltIn.rows(of: BuiltIn.types).map(BuiltIn.instanceType),
      prices: sections.flatMap(\.prices))
  }()
}

/// The reader of the built-in tables: text, because a literal of a hundred initialisers takes the
/// compiler long and is no easier to check by eye.
///
/// The tables are our own, so a bad line is our mistake and stops the program; a test reads every
/// line.
enum BuiltIn {
  /// Memory of each device in GiB as the maker names it. Drivers keep a few per cent of it.
  static let deviceGiB: [(model: String, memory: Int64)] = [
    ("A10", 24), ("A100", 40), ("A100-80GB", 80), ("A10G", 24), ("B200", 180), ("H100", 80),
    ("H100-NVL", 94), ("H200", 141), ("INFERENTIA2", 32), ("L4", 24), ("L40S", 48), ("T4", 16),
    ("TRAINIUM", 32), ("V100", 16), ("V100-32GB", 32),
  ]

  /// The words of each line of a table; empty lines and those that begin with `#` carry nothing.
  ///
  /// Every command reads the tables, so they are taken apart by bytes: looking for whole characters
  /// takes many times as long.
  static func rows(of table: String) -> [[Substring]] {
    table.utf8.split(separator: UInt8(ascii: "\n"))
      .map { line in line.split(separator: UInt8(ascii: " ")).map { Substring($0) } }
      .filter { $0.first?.utf8.first != UInt8(ascii: "#") }
  }

  static func instanceType(_ row: [Substring]) -> InstanceType {
    precondition(row.count == 7, "seven columns: \(row)")
    return InstanceType(
      name: String(row[0]), vCPUs: Int(number(row[1], scale: 0)),
      memoryBytes: number(row[2], scale: 0) << 30, allocatable: optional(row[3], allocatable),
      storageBytes: optional(row[6]) { number($0, scale: 9) } ?? 0,
      networkBitsPerSecond: optional(row[5]) { number($0, scale: 9) } ?? 0,
      accelerators: optional(row[4], accelerators))
  }

  /// The regions, each with its prices.
  static var sections: [(region: Region, prices: [Price])] {
    var sections: [(region: Region, prices: [Price])] = []
    var date = ""
    for row in rows(of: prices) {
      if row[0] == "@" {
        precondition(row.count > 4, "a region has a cloud, a date and zones: \(row)")
        date = String(row[3])
        let zones = row[4...].map(String.init)
        sections.append((Region(name: String(row[1]), cloud: String(row[2]), zones: zones), []))
      } else {
        precondition(row.count == 3 && !sections.isEmpty, "three columns below a region: \(row)")
        let region = sections[sections.count - 1].region.name
        sections[sections.count - 1].prices.append(price(row, region: region, date: date))
      }
    }
    return sections
  }

  private static func price(_ row: [Substring], region: String, date: String) -> Price {
    let isEstimate = row[2].hasPrefix("~")
    return Price(
      region: region, instanceType: String(row[0]), onDemandPerHour: optional(row[1], money),
      spotPerHour: optional(isEstimate ? row[2].dropFirst() : row[2], money),
      isSpotEstimate: isEstimate, date: date)
  }

  private static func optional<Value>(_ text: Substring, _ read: (Substring) -> Value) -> Value? {
    text == "-" ? nil : read(text)
  }

  private static func money(_ text: Substring) -> Money { Money(micros: number(text, scale: 6)) }

  /// `3920/14481`: thousandths of a core and MiB.
  private static func allocatable(_ text: Substring) -> Resources {
    let (cpu, memory) = pair(text, separator: "/")
    return Resources(cpuMilli: number(cpu, scale: 0), memoryBytes: number(memory, scale: 0) << 20)
  }

  /// `H100:8`.
  private static func accelerators(_ text: Substring) -> Accelerators {
    let (model, count) = pair(text, separator: ":")
    guard let device = deviceGiB.first(where: { $0.model == model }) else {
      preconditionFailure("the memory of \(model) is not in the table")
    }
    return Accelerators(
      model: AcceleratorModel(device.model), count: Int(number(count, scale: 0)),
      memoryBytes: device.memory << 30)
  }

  private static func pair(
    _ text: Substring, separator: Unicode.Scalar
  ) -> (Substring, Substring) {
    let parts = text.utf8.split(
      separator: UInt8(ascii: separator), omittingEmptySubsequences: false)
    precondition(parts.count == 2, "two parts: \(text)")
    return (Substring(parts[0]), Substring(parts[1]))
  }

  /// The decimal number times ten to the power of `scale`, exactly.
  private static func number(_ text: Substring, scale: Int) -> Int64 {
    var number: Int64 = 0
    var decimals: Int?
    for byte in text.utf8 {
      if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
      } else {
        precondition((UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), "a number: \(text)")
        number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        decimals = decimals.map { $0 + 1 }
      }
    }
    let missing = scale - (decimals ?? 0)
    precondition(missing >= 0 && !text.isEmpty, "at most \(scale) decimals: \(text)")
    return (0..<missing).reduce(number) { number, _ in number * 10 }
  }
}
