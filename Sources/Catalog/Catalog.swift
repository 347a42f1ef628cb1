public import Model

/// What can be bought where, and for how much: regions, instance types and prices.
///
/// `builtIn` knows five regions of three clouds; a user's `PriceFile` extends or replaces it. A
/// catalogue is a list of facts: whether something is in stock only the provider knows.
public struct Catalog: Hashable, Sendable {
  /// Sorted by name.
  public let regions: [Region]
  /// Sorted by name.
  public let instanceTypes: [InstanceType]
  /// Sorted by region and instance type.
  public let prices: [Price]

  public static let empty = Catalog(regions: [], instanceTypes: [], prices: [])

  /// Of two entries for the same thing the later one holds. A price in a region or of an instance
  /// type that is not among the others is left out.
  public init(regions: [Region], instanceTypes: [InstanceType], prices: [Price]) {
    let regions = regions.sortedKeepingLast()
    let instanceTypes = instanceTypes.sortedKeepingLast()
    self.regions = regions
    self.instanceTypes = instanceTypes
    self.prices = prices.sortedKeepingLast().filter {
      regions.entry(Key(name: $0.region)) != nil
        && instanceTypes.entry(Key(name: $0.instanceType)) != nil
    }
  }

  public func region(named name: String) -> Region? { regions.entry(Key(name: name)) }

  /// The type, if it is sold in `region`.
  public func instanceType(named name: String, in region: String) -> InstanceType? {
    price(of: name, in: region).flatMap { instanceTypes.entry(Key(name: $0.instanceType)) }
  }

  /// What `region` sells, sorted by name: also the names to suggest where one is unknown.
  public func instanceTypes(in region: String) -> [InstanceType] {
    let start = prices.position(of: Key(region: region, name: ""))
    return prices[start...]
      .prefix { $0.region.utf8.elementsEqual(region.utf8) }
      .compactMap { instanceTypes.entry(Key(name: $0.instanceType)) }
  }

  public func price(of instanceType: String, in region: String) -> Price? {
    prices.entry(Key(region: region, name: instanceType))
  }
}

/// A place where nodes are sold, with the zones in it.
public struct Region: Hashable, Sendable {
  public var name: String
  /// `aws`, `gcp`, `azure`, or a user's own word.
  public var cloud: String
  /// Sorted. Where empty, the region takes any zone that a cluster names.
  public var zones: [String]

  public init(name: String, cloud: String, zones: [String] = []) {
    self.name = name
    self.cloud = cloud
    self.zones = zones.sortedOnce()
  }
}

/// What one instance type costs in one region.
public struct Price: Hashable, Sendable {
  public var region: String
  public var instanceType: String
  /// Not sold this way where nil.
  public var onDemandPerHour: Money?
  /// What spot capacity typically costs; not sold this way where nil.
  public var spotPerHour: Money?
  /// Spot prices move and some are not published: whether this one was worked out from something
  /// else.
  public var isSpotEstimate: Bool
  /// The day on which the price held, as RFC 3339 writes it: `2026-07-20`.
  public var date: String

  public init(
    region: String, instanceType: String, onDemandPerHour: Money?, spotPerHour: Money? = nil,
    isSpotEstimate: Bool = false, date: String = ""
  ) {
    self.region = region
    self.instanceType = instanceType
    self.onDemandPerHour = onDemandPerHour
    self.spotPerHour = spotPerHour
    self.isSpotEstimate = isSpotEstimate
    self.date = date
  }
}
