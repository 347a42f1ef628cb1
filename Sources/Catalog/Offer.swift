public import Model

/// One way to buy a node: an instance type, a zone, and how it is paid for.
public struct Offer: Hashable, Sendable {
  public var instanceType: InstanceType
  public var region: String
  public var zone: String
  public var capacityType: CapacityType
  public var pricePerHour: Money
  /// Whether the price was worked out rather than published.
  public var isEstimate: Bool

  public init(
    instanceType: InstanceType, region: String, zone: String, capacityType: CapacityType,
    pricePerHour: Money, isEstimate: Bool
  ) {
    self.instanceType = instanceType
    self.region = region
    self.zone = zone
    self.capacityType = capacityType
    self.pricePerHour = pricePerHour
    self.isEstimate = isEstimate
  }
}

extension Catalog {
  /// What `region` sells that meets `requirements`, sorted by name.
  public func instanceTypes(
    matching requirements: InstanceRequirements, in region: String
  ) -> [InstanceType] {
    instanceTypes(in: region).filter { $0.meets(requirements) }
  }

  /// Every offer of `region` in those of `zones` that it has, sorted by instance type, zone and
  /// capacity type.
  public func offers(in region: String, zones: [String]) -> [Offer] {
    instanceTypes(in: region).flatMap { offers(of: $0, in: region, zones: zones) }
  }

  /// The offers of one instance type; none where `region` does not sell it.
  public func offers(of type: InstanceType, in region: String, zones: [String]) -> [Offer] {
    guard let place = self.region(named: region), let price = price(of: type.name, in: region)
    else { return [] }
    let known = zones.filter { place.zones.isEmpty || place.zones.contains($0) }
    return known.sortedOnce().flatMap { zone in
      CapacityType.allCases.sorted().compactMap { capacityType in
        price.perHour(capacityType).map {
          Offer(
            instanceType: type, region: region, zone: zone, capacityType: capacityType,
            pricePerHour: $0, isEstimate: capacityType == .spot && price.isSpotEstimate)
        }
      }
    }
  }
}

extension Price {
  /// The price of a node that is paid for in this way; nil where it is not sold so.
  public func perHour(_ capacityType: CapacityType) -> Money? {
    switch capacityType {
    case .spot: spotPerHour
    case .onDemand: onDemandPerHour
    }
  }
}
