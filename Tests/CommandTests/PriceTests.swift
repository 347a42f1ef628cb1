import Foundation
import Testing

/// A price file holds for every command, whether it reads manifests or not.
@Suite struct PriceTests {
  let service = Small.service(replicas: 1, catalog: "catalog: prices.yaml")

  @Test func isReadBesideTheManifestThatNamesIt() throws {
    let shell = try Shell(["m/web.yaml": service, "m/prices.yaml": Small.prices("$5/h")])
    for paths in ["m", "m/web.yaml", "m/web.yaml m/prices.yaml", "./m/../m/web.yaml"] {
      let plan = try shell.run("plan \(paths)")
      #expect(plan.output.contains("$0.00/h → $5.00/h"), "\(paths): \(plan.output)\(plan.talk)")
      #expect(try shell.run("validate \(paths)").status == 0)
    }
    let input = try shell.run(
      "plan -", input: service.replacing("prices.yaml", with: "m/prices.yaml"))
    #expect(input.output.contains("$0.00/h → $5.00/h"), "\(input.talk)")
  }

  @Test func holdsForCommandsThatReadNoManifests() throws {
    let shell = try Shell(["m/web.yaml": service, "m/prices.yaml": Small.prices("$5/h")])
    #expect(try shell.run("apply m/web.yaml --yes").status == 0)
    #expect(try shell.run("plan m/web.yaml --detailed-exitcode").status == 0)
    #expect(try shell.run("snapshot").output.contains("onDemand: $5.00/h"))
    try FileManager.default.removeItem(at: shell.path("m/prices.yaml"))

    try shell.run("simulate lose node lab/l4-1")
    let run = try shell.run("run --once")
    #expect(run.status == 0, "\(run.talk)")
    #expect(try shell.run("get nodes").output.contains("$5.00/h"))

    try shell.write("more/setpoint.yaml", "apiVersion: setpoint/v1\nset: more\n")
    try shell.write("more/web.yaml", Small.workload("more", replicas: 1))
    #expect(try shell.run("plan more").output.contains("$5.00/h → $10.00/h"))
    let delete = try shell.run("delete Workload/web --yes")
    #expect(delete.status == 0, "\(delete.talk)")
  }

  @Test func aNewPriceIsAChangeOfItsCluster() throws {
    let shell = try Shell(["m/web.yaml": service, "m/prices.yaml": Small.prices("$5/h")])
    try shell.run("apply m --yes")
    try shell.write("m/prices.yaml", Small.prices("$6/h"))
    let plan = try shell.run("plan m --detailed-exitcode")
    #expect(plan.status == 2)
    #expect(plan.output.contains("~ Cluster"), "\(plan.output)")
    #expect(try shell.run("diff m").output.contains("catalog"))
    #expect(try shell.run("apply m --yes").status == 0)
    try shell.run("simulate lose node lab/l4-1")
    #expect(try shell.run("run --once").status == 0)
    #expect(try shell.run("get nodes").output.contains("$6.00/h"))
    #expect(try shell.run("plan m --detailed-exitcode").status == 0)
  }

  @Test(arguments: [
    ("prices.yml", "reference/missing-price-file"),
    ("../prices.yaml", "reference/distant-price-file"),
    ("/etc/prices.yaml", "reference/distant-price-file"),
    ("a/../../prices.yaml", "reference/distant-price-file"),
  ]) func isRefusedElsewhere(path: String, code: String) throws {
    let shell = try Shell([
      "m/web.yaml": Small.service(catalog: "catalog: \(path)"),
      "prices.yaml": Small.prices("$5/h"),
    ])
    let plan = try shell.run("plan m")
    #expect(plan.status == 1)
    #expect(plan.talk.contains("error[\(code)]"), "\(plan.talk)")
  }

  @Test func mayLieAnywhereIfItIsNamed() throws {
    let shell = try Shell([
      "m/web.yaml": Small.service(replicas: 1, catalog: "catalog: ../prices.yaml"),
      "prices.yaml": Small.prices("$5/h"),
    ])
    #expect(try shell.run("plan m prices.yaml").output.contains("$0.00/h → $5.00/h"))
  }

  @Test func mistakesInItAreShownInItsOwnLines() throws {
    let shell = try Shell(["m/web.yaml": service, "m/prices.yaml": Small.prices("5 dollars")])
    let plan = try shell.run("plan m/web.yaml")
    #expect(plan.status == 1)
    #expect(plan.talk.contains("--> m/prices.yaml:3:"), "\(plan.talk)")
  }
}
