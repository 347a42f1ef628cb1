import Catalog
import Diagnostics
import Manifests
import Model
import TestSupport
import Testing

private let cluster =
  manifest(
    "Cluster", name: "lab",
    "provider: simulated\nregion: lab\nzones: [rack-a]\ncatalog: 1️⃣prices.yaml")

private let prices = """
  apiVersion: setpoint/v1
  kind: PriceFile
  regions: [{name: lab, cloud: on-prem}]
  instanceTypes:
    - name: dgx-h100
      cpu: 224
      memory: 2Ti
      allocatable: {cpu: 220, memory: 1900Gi}
      accelerator: {model: H100, count: 8, memory: 80Gi}
      storage: 30T
      network: 3200Gbps
  prices:
    - {region: lab, instanceType: dgx-h100, onDemand: $12/h, spot: $4.50/h, date: 2026-07-01}
    - {region: us-east-1, instanceType: p5.48xlarge, onDemand: $31/h}

  """

@Suite struct PriceFileTests {
  private func sources(_ files: (String, String)...) -> Sources {
    Sources(files.map { SourceText(path: $0.0, text: MarkedText($0.1).text) })
  }

  @Test func aClusterBuysFromTheFileBesideIt() throws {
    let sources = sources(("m/cluster.yaml", cluster), ("m/prices.yaml", prices))
    let read = ManifestReader.read(sources)
    let priced = Catalogs.read(read.value, in: sources)
    #expect(read.diagnostics + priced.diagnostics == [])
    #expect(Catalogs.missingPaths(read.value, in: sources) == [])

    let file = try #require(priced.value[ClusterName("lab")])
    let again = Catalogs.read(Catalogs.kept(priced.value), path: "state.db")
    #expect(again.value == priced.value, "what is kept reads back as the same")
    let catalog = Catalog.builtIn.extended(by: file)
    let type = try #require(catalog.instanceType(named: "dgx-h100", in: "lab"))
    #expect(type.capacity.amounts.cpuMilli == 220_000)
    #expect(type.capacity.accelerators?.count == 8)
    let price = try #require(catalog.price(of: "dgx-h100", in: "lab"))
    #expect(price.spotPerHour == Money(micros: 4_500_000))
    #expect(price.date == "2026-07-01")
    #expect(
      catalog.price(of: "p5.48xlarge", in: "us-east-1")?.onDemandPerHour
        == Money(micros: 31_000_000))
    let resolved = References.resolve(read.value) { _ in catalog }
    #expect(resolved.diagnostics == [])
  }

  @Test func aFileThatIsNotThere() {
    let sources = sources(("m/cluster.yaml", cluster))
    let read = ManifestReader.read(sources)
    #expect(Catalogs.missingPaths(read.value, in: sources) == ["m/prices.yaml"])
    let found = Catalogs.read(read.value, in: sources).diagnostics
    #expect(found.map(\.code) == [.missingPriceFile])
    let offset = MarkedText(cluster).offset("1️⃣")
    #expect(
      found.map(\.place) == [.span(Span(source: SourceID(index: 0), range: offset..<offset + 11))])
  }

  @Test(arguments: [
    ("m/us/cluster.yaml", "prices.yaml", ["m/us/prices.yaml"], Code.missingPriceFile),
    ("m/us/cluster.yaml", "./a/../prices.yaml", ["m/us/./a/../prices.yaml"], .missingPriceFile),
    ("cluster.yaml", "a/prices.yaml", ["a/prices.yaml"], .missingPriceFile),
    ("m/us/cluster.yaml", "../prices.yaml", [], .distantPriceFile),
    ("m/us/cluster.yaml", "a/../../prices.yaml", [], .distantPriceFile),
    ("m/us/cluster.yaml", "/etc/prices.yaml", [], .distantPriceFile),
  ]) func isAskedForBesideItsManifestOnly(
    manifest: String, catalog: String, asked: [String], code: Code
  ) {
    let text = cluster.replacing("1️⃣prices.yaml", with: catalog)
    let sources = sources((manifest, text))
    let read = ManifestReader.read(sources)
    #expect(Catalogs.missingPaths(read.value, in: sources) == asked)
    #expect(Catalogs.read(read.value, in: sources).diagnostics.map(\.code) == [code])
  }

  @Test(arguments: [
    ("m/us/cluster.yaml", "../prices.yaml", "m/prices.yaml"),
    ("./m/cluster.yaml", "prices.yaml", "m/prices.yaml"),
    ("m/cluster.yaml", "/srv/prices.yaml", "/srv/./prices.yaml"),
  ]) func isFoundByWhateverPathItIsNamed(manifest: String, catalog: String, path: String) {
    let text = cluster.replacing("1️⃣prices.yaml", with: catalog)
    let sources = sources((manifest, text), (path, prices))
    let read = ManifestReader.read(sources)
    #expect(Catalogs.missingPaths(read.value, in: sources) == [])
    #expect(Catalogs.read(read.value, in: sources).value[ClusterName("lab")] != nil)
  }

  @Test(arguments: [
    ("[{region: 1️⃣lap, instanceType: dgx, onDemand: $1/h}]", Code.unknownRegion),
    ("[{region: lab, instanceType: 1️⃣dgy, onDemand: $1/h}]", .unknownInstanceType),
    ("[{region: lab, instanceType: dgx, onDemand: 1️⃣$1/min}]", .invalidMoney),
    ("[{1️⃣region: lab, instanceType: dgx}]", .missingField),
    ("[{region: lab, instanceType: dgx, onDemand: $1/h, date: 1️⃣2026-02-30}]", .invalidDate),
    (
      "[{region: lab, instanceType: dgx, spot: $1/h}, {region: lab, instanceType: 1️⃣dgx, spot: $2/h}]",
      .repeatedPrice
    ),
  ])
  func problems(list: String, code: Code) {
    let marked = MarkedText(
      """
      apiVersion: setpoint/v1
      kind: PriceFile
      regions: [{name: lab, cloud: on-prem}]
      instanceTypes: [{name: dgx, cpu: 8, memory: 64Gi}]
      prices: \(list)

      """)
    let sources = Sources([SourceText(path: "prices.yaml", text: marked.text)])
    let read = ManifestReader.read(sources)
    let found = read.diagnostics + Catalogs.read(read.value, in: sources).diagnostics
    #expect(found.map(\.code) == [code])
    for case .span(let span) in found.map(\.place) {
      #expect(span.range.lowerBound == marked.offset("1️⃣"))
    }
  }
}
