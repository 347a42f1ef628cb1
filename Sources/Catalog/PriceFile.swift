/// A user's own instance types and prices, which extend the built-in catalogue or stand in its
/// place.
///
/// What a file says wins over what the catalogue says under the same name: a price negotiated for a
/// known type needs one line, a laboratory of one's own needs a region, types and prices.
public struct PriceFile: Hashable, Sendable {
  /// Whether nothing but this file holds.
  public var replacesCatalog: Bool
  public var regions: [Region]
  public var instanceTypes: [InstanceType]
  public var prices: [Price]

  public init(
    replacesCatalog: Bool = false, regions: [Region] = [], instanceTypes: [InstanceType] = [],
    prices: [Price] = []
  ) {
    self.replacesCatalog = replacesCatalog
    self.regions = regions
    self.instanceTypes = instanceTypes
    self.prices = prices
  }

  /// What is wrong with one entry; the number is its index in its list.
  public enum Problem: Hashable, Sendable {
    case repeatedRegion(Int)
    case repeatedInstanceType(Int)
    case repeatedPrice(Int)
    /// Neither the file nor the catalogue below it has the region that the price is for.
    case unknownRegion(price: Int)
    case unknownInstanceType(price: Int)
  }

  /// Every entry that can't be taken as it stands, with `catalog` below this file.
  public func problems(over catalog: Catalog) -> [Problem] {
    let result = catalog.extended(by: self)
    let unknown = prices.indices.flatMap { index -> [Problem] in
      let price = prices[index]
      let isKnownType = result.instanceTypes.entry(Key(name: price.instanceType)) != nil
      return (result.region(named: price.region) == nil ? [.unknownRegion(price: index)] : [])
        + (isKnownType ? [] : [.unknownInstanceType(price: index)])
    }
    return regions.repeatedIndices().map(Problem.repeatedRegion)
      + instanceTypes.repeatedIndices().map(Problem.repeatedInstanceType)
      + prices.repeatedIndices().map(Problem.repeatedPrice) + unknown
  }
}

extension Catalog {
  /// This catalogue with the entries of `file` over its own. Entries that `PriceFile.problems`
  /// reports as unknown are left out; of repeated ones the last holds.
  public func extended(by file: PriceFile) -> Catalog {
    let below = file.replacesCatalog ? Catalog.empty : self
    return Catalog(
      regions: below.regions + file.regions,
      instanceTypes: below.instanceTypes + file.instanceTypes, prices: below.prices + file.prices)
  }
}
