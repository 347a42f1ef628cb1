import Catalog
import Model
import Testing

@Suite struct PriceFileTests {
  let lab = PriceFile(
    regions: [Region(name: "lab", cloud: "on-prem")],
    instanceTypes: [
      InstanceType(
        name: "dgx-h100", vCPUs: 224, memoryBytes: 2 << 40, storageBytes: 30_000_000_000_000,
        networkBitsPerSecond: 3_200_000_000_000,
        accelerators: Accelerators(
          model: AcceleratorModel("H100"), count: 8, memoryBytes: 80 << 30))
    ],
    prices: [
      Price(region: "lab", instanceType: "dgx-h100", onDemandPerHour: .zero, date: "2026-07-01")
    ])

  @Test func aLaboratoryOfOnesOwn() {
    let catalog = Catalog.builtIn.extended(by: lab)
    #expect(lab.problems(over: .builtIn).isEmpty)
    #expect(catalog.instanceTypes(in: "lab").map(\.name) == ["dgx-h100"])
    #expect(catalog.offers(in: "lab", zones: ["rack-a"]).map(\.pricePerHour) == [.zero])
    #expect(catalog.instanceTypes(in: "us-east-1").count == 47)
  }

  @Test func aNegotiatedPriceNeedsOneLine() {
    let file = PriceFile(prices: [
      Price(
        region: "us-east-1", instanceType: "p5.48xlarge", onDemandPerHour: Money(micros: 31_000_000)
      )
    ])
    let catalog = Catalog.builtIn.extended(by: file)
    let offers = catalog.offers(in: "us-east-1", zones: ["us-east-1a"])
      .filter { $0.instanceType.name == "p5.48xlarge" }
    #expect(offers.map(\.pricePerHour.micros) == [31_000_000])
    #expect(catalog.prices.count == Catalog.builtIn.prices.count)
  }

  @Test func nothingElseHoldsWhereTheFileReplaces() {
    var file = lab
    file.replacesCatalog = true
    let catalog = Catalog.builtIn.extended(by: file)
    #expect(catalog.regions.map(\.name) == ["lab"])
    #expect(catalog.instanceTypes.map(\.name) == ["dgx-h100"])
  }

  @Test func everyProblemIsReportedOnce() {
    var file = lab
    file.regions.append(Region(name: "lab", cloud: "on-prem", zones: ["rack-a"]))
    file.instanceTypes.append(file.instanceTypes[0])
    file.prices.append(file.prices[0])
    file.prices.append(Price(region: "lap", instanceType: "dgx-h100", onDemandPerHour: .zero))
    file.prices.append(Price(region: "lab", instanceType: "dgx-h200", onDemandPerHour: .zero))
    #expect(
      file.problems(over: .builtIn) == [
        .repeatedRegion(1), .repeatedInstanceType(1), .repeatedPrice(1), .unknownRegion(price: 2),
        .unknownInstanceType(price: 3),
      ])
    let catalog = Catalog.empty.extended(by: file)
    #expect(catalog.prices.count == 1)
    #expect(catalog.region(named: "lab")?.zones == ["rack-a"])
  }

  @Test func orderHasNoInfluence() {
    let built = Catalog.builtIn
    let again = Catalog(
      regions: built.regions.reversed(), instanceTypes: built.instanceTypes.reversed(),
      prices: built.prices.reversed())
    #expect(again == built)
  }
}
