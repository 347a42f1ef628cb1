import Catalog
import Model
import Testing

@Suite struct BuiltInTests {
  let catalog = Catalog.builtIn

  @Test func everyTypeIsPlausible() {
    #expect(catalog.instanceTypes.count == 100)
    for type in catalog.instanceTypes {
      let amounts = type.capacity.amounts
      let cpuShare = Double(amounts.cpuMilli) / Double(type.vCPUs * 1000)
      let memoryShare = Double(amounts.memoryBytes) / Double(type.memoryBytes)
      #expect((0.97..<1).contains(cpuShare), "\(type.name)")
      #expect((0.79..<1).contains(memoryShare), "\(type.name)")
      #expect((2...25).contains((type.memoryBytes >> 30) / Int64(type.vCPUs)), "\(type.name)")
      if let accelerators = type.capacity.accelerators {
        #expect((1...16).contains(accelerators.count), "\(type.name)")
        #expect(accelerators.memoryBytes >= 16 << 30, "\(type.name)")
      }
    }
  }

  @Test func everyPriceIsPlausible() {
    for price in catalog.prices {
      let name = "\(price.region) \(price.instanceType)"
      #expect(price.date.hasPrefix("2026-"), "\(name)")
      guard let onDemand = price.onDemandPerHour else {
        Issue.record("\(name) is not sold on demand")
        continue
      }
      #expect(onDemand > .zero, "\(name)")
      #expect(price.spotPerHour ?? onDemand <= onDemand, "\(name)")
      #expect(price.spotPerHour ?? .zero >= .zero, "\(name)")
    }
  }

  @Test func everyTypeIsSoldAndNoPriceIsLeftOut() {
    let sold = Set(catalog.prices.map(\.instanceType))
    for type in catalog.instanceTypes { #expect(sold.contains(type.name), "\(type.name)") }
    #expect(catalog.prices.count == 47 + 28 + 29 + 24 + 24)
  }

  @Test(arguments: [
    ("us-east-1", "aws", 6, 47), ("us-central1", "gcp", 4, 28), ("europe-west4", "gcp", 3, 29),
    ("eastus", "azure", 3, 24), ("westeurope", "azure", 3, 24),
  ])
  func regions(name: String, cloud: String, zones: Int, types: Int) throws {
    let region = try #require(catalog.region(named: name))
    #expect(region.cloud == cloud)
    #expect(region.zones.count == zones)
    #expect(region.zones.allSatisfy { $0.hasPrefix(name) })
    #expect(catalog.instanceTypes(in: name).count == types)
  }

  /// Facts that a reader can look up, so that a shifted column is seen.
  @Test(arguments: [
    (
      "us-east-1", "p5.48xlarge",
      "192 vCPUs 2048Gi H100:8/80Gi 3200Gbps 30720GB $55040000 ~$26419200"
    ),
    ("us-east-1", "p5.4xlarge", "16 vCPUs 256Gi H100:1/80Gi 100Gbps 3840GB $6880000"),
    (
      "us-east-1", "trn1.32xlarge",
      "128 vCPUs 512Gi TRAINIUM:16/32Gi 800Gbps 7600GB $21500000 ~$4515000"
    ),
    ("us-east-1", "m7i.4xlarge", "16 vCPUs 64Gi 6Gbps 0GB $806400 ~$387100"),
    (
      "us-central1", "a3-highgpu-8g",
      "208 vCPUs 1872Gi H100:8/80Gi 1000Gbps 6000GB $88490000 $50609541"
    ),
    ("europe-west4", "g2-standard-4", "4 vCPUs 16Gi L4:1/24Gi 10Gbps 0GB $742916 $389860"),
    (
      "eastus", "Standard_NC24ads_A100_v4",
      "24 vCPUs 220Gi A100-80GB:1/80Gi 20Gbps 960GB $3673000 ~$1652900"
    ),
    ("westeurope", "Standard_E16s_v5", "16 vCPUs 128Gi 12Gbps 0GB $1216000 ~$547200"),
  ])
  func facts(region: String, name: String, expected: String) throws {
    let type = try #require(catalog.instanceType(named: name, in: region))
    let price = try #require(catalog.price(of: name, in: region))
    var words = ["\(type.vCPUs) vCPUs", "\(type.memoryBytes >> 30)Gi"]
    if let accelerators = type.capacity.accelerators {
      words.append(
        "\(accelerators.model):\(accelerators.count)/\(accelerators.memoryBytes >> 30)Gi")
    }
    words.append("\(type.capacity.amounts.networkBitsPerSecond / 1_000_000_000)Gbps")
    words.append("\(type.capacity.amounts.storageBytes / 1_000_000_000)GB")
    words += price.onDemandPerHour.map { ["$\($0.micros)"] } ?? []
    words += price.spotPerHour.map { ["\(price.isSpotEstimate ? "~" : "")$\($0.micros)"] } ?? []
    #expect(words.joined(separator: " ") == expected)
  }

  @Test func aTypeOfAnotherRegionIsNotSold() {
    #expect(catalog.instanceType(named: "p5.48xlarge", in: "europe-west4") == nil)
    #expect(catalog.instanceType(named: "p5.49xlarge", in: "us-east-1") == nil)
    #expect(catalog.instanceTypes(in: "eu-west-1").isEmpty)
    #expect(catalog.region(named: "eu-west-1") == nil)
  }
}
