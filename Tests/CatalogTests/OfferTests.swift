import Catalog
import Model
import Testing

@Suite struct OfferTests {
  @Test func oneForEachZoneAndWayToPay() {
    let offers = Catalog.builtIn.offers(in: "us-east-1", zones: ["us-east-1b", "us-east-1a"])
      .filter { $0.instanceType.name == "p5.48xlarge" }
      .map { "\($0.zone) \($0.capacityType.rawValue) \($0.pricePerHour.micros) \($0.isEstimate)" }
    #expect(
      offers == [
        "us-east-1a on-demand 55040000 false", "us-east-1a spot 26419200 true",
        "us-east-1b on-demand 55040000 false", "us-east-1b spot 26419200 true",
      ])
  }

  @Test func noneInAZoneThatTheRegionLacks() {
    let catalog = Catalog.builtIn
    #expect(catalog.offers(in: "us-east-1", zones: ["us-east-1z"]).isEmpty)
    #expect(catalog.offers(in: "nowhere", zones: ["us-east-1a"]).isEmpty)
  }

  @Test func noSpotOfferWithoutASpotPrice() {
    let offers = Catalog.builtIn.offers(in: "us-east-1", zones: ["us-east-1a"])
      .filter { $0.instanceType.name == "p6-b200.48xlarge" }
    #expect(offers.map(\.capacityType) == [.onDemand])
  }

  @Test(arguments: [
    (
      InstanceRequirements(accelerators: [AcceleratorModel("H100")]),
      ["p5.48xlarge", "p5.4xlarge"]
    ),
    (
      InstanceRequirements(
        accelerators: [AcceleratorModel("L4"), AcceleratorModel("A10G")],
        acceleratorCount: AmountRange(min: 2)),
      ["g5.12xlarge", "g5.48xlarge", "g6.12xlarge", "g6.48xlarge"]
    ),
    (
      InstanceRequirements(acceleratorCount: AmountRange(min: 9)),
      ["inf2.48xlarge", "trn1.32xlarge"]
    ),
    (
      InstanceRequirements(
        cpuMilli: AmountRange(min: 32000, max: 32000), memoryBytes: AmountRange(min: 128 << 30)),
      ["m7i.8xlarge", "r7i.8xlarge"]
    ),
    (
      InstanceRequirements(
        acceleratorCount: AmountRange(max: 1), cpuMilli: AmountRange(max: 4000)),
      ["g4dn.xlarge", "g5.xlarge", "g6.xlarge", "g6e.xlarge", "inf2.xlarge"]
    ),
    (InstanceRequirements(accelerators: [AcceleratorModel("H100X")]), []),
  ])
  func requirements(_ requirements: InstanceRequirements, names: [String]) {
    let found = Catalog.builtIn.instanceTypes(matching: requirements, in: "us-east-1")
    #expect(found.map(\.name) == names)
  }

  @Test func aPoolThatAsksForNoAcceleratorGetsNone() {
    let types = Catalog.builtIn.instanceTypes(matching: InstanceRequirements(), in: "us-central1")
    #expect(types.count == 10)
    #expect(types.allSatisfy { $0.capacity.accelerators == nil })
  }
}
