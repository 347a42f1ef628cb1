public import Model

/// Prices as they might become: `spot+20%`, `p5.48xlarge-10%`, `p5.48xlarge:spot+50%`.
public struct Repricing: Hashable, Sendable, CustomStringConvertible {
  /// Of every type where nil.
  public let instanceType: String?
  /// However it is paid for where nil.
  public let capacityType: CapacityType?
  /// Above zero where it gets dearer; never below -100.
  public let percent: Int64

  /// Beyond that it is a typing mistake.
  static let percentMax: Int64 = 10_000

  /// Nil where `text` is no such thing. `all+5%` means every price.
  public init?(_ text: String) {
    guard text.last == "%", let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }),
      let number = Int64(text[text.index(after: sign)...].dropLast()),
      number >= 0, number <= Self.percentMax
    else { return nil }
    let percent = text[sign] == "-" ? -number : number
    let subject = text[..<sign].split(separator: ":", omittingEmptySubsequences: false)
      .map(String.init)
    guard percent >= -100, !subject.contains(""), text[..<sign].allSatisfy(Self.isPlain) else {
      return nil
    }
    let way = subject.last.flatMap(CapacityType.init(rawValue:))
    switch (subject.count, way) {
    case (1, let way?): (instanceType, capacityType) = (nil, way)
    case (1, nil): (instanceType, capacityType) = (subject[0] == "all" ? nil : subject[0], nil)
    case (2, let way?): (instanceType, capacityType) = (subject[0], way)
    default: return nil
    }
    self.percent = percent
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "._-:".contains(character))
  }

  public var description: String {
    let subject = [instanceType, capacityType?.rawValue].compactMap(\.self).joined(separator: ":")
    return "\(subject.isEmpty ? "all" : subject)\(percent < 0 ? "-" : "+")\(percent.magnitude)%"
  }

  public func speaks(of instanceType: String, _ capacityType: CapacityType) -> Bool {
    self.instanceType ?? instanceType == instanceType
      && self.capacityType ?? capacityType == capacityType
  }

  /// Rounded half up to a millionth of a dollar.
  public func applied(to price: Money) -> Money {
    let exact = Int128(price.micros) * Int128(100 + percent)
    return Money(micros: Int64(clamping: (exact + 50) / 100))
  }
}

extension Catalog {
  /// The same with other prices; nil where none of them is one that `repricing` speaks of.
  public func repriced(by repricing: Repricing) -> Catalog? {
    var isFound = false
    let prices = self.prices.map { price in
      var price = price
      func change(_ money: Money?, _ way: CapacityType) -> Money? {
        guard let money, repricing.speaks(of: price.instanceType, way) else { return money }
        isFound = true
        return repricing.applied(to: money)
      }
      price.onDemandPerHour = change(price.onDemandPerHour, .onDemand)
      price.spotPerHour = change(price.spotPerHour, .spot)
      return price
    }
    return isFound
      ? Catalog(regions: regions, instanceTypes: instanceTypes, prices: prices) : nil
  }
}
