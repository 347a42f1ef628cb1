import Foundation
import Testing

/// `cost`: what was spent, for whom, and what it comes to.
@Suite struct CostTests {
  private func budgeted(_ budget: String) -> String {
    Small.service(catalog: "budget: {\(budget)}")
  }

  @Test func hoursAreCountedAndComeToAMonth() throws {
    let shell = try Shell(["m/web.yaml": budgeted("monthly: $1")])
    #expect(try shell.run("cost").output.contains("Nothing was spent."))
    try #require(try shell.run("apply m --yes").status == 0)
    _ = try shell.run("drill time +10h")
    let run = try shell.run("cost")
    #expect(run.status == 0, "\(run.talk)")
    // Two nodes of $0.9776, half of each used by a replica with 4 of 8 cores and one of one GPU.
    for words in [
      "lab", "web", "Budgets", "Cluster/lab", "$1.00", "warn", "spent", "by the month's end",
    ] {
      #expect(run.output.contains(words), "\(words)\n\(run.output)")
    }
    #expect(!run.output.contains("Nothing was spent."), "\(run.output)")
    let json = try shell.run("cost -o json")
    let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let fields = try #require(document as? [String: Any])
    #expect(fields["kind"] as? String == "cost")
    let spent = try #require(fields["spent"] as? String)
    #expect(Double(spent.dropFirst()) ?? 0 > 15, "ten hours of two nodes: \(spent)")
    // Looking writes nothing down, and what was written down is not lost with the world's nodes.
    #expect(try shell.run("cost -o json").output == json.output)
    #expect(try shell.run("plan m").output.contains("of a budget of $1.00"))
  }

  @Test func aBudgetThatIsSpentHolds() throws {
    let budget = "monthly: $10, onExceed: hold"
    let shell = try Shell(["m/web.yaml": budgeted(budget)])
    try #require(try shell.run("apply m --yes").status == 0)
    _ = try shell.run("drill time +10h")
    let more = budgeted(budget).replacing("replicas: 2", with: "replicas: 4")
    try shell.write("m/web.yaml", more)
    let plan = try shell.run("plan m")
    #expect(plan.output.contains("no more nodes are bought until"), "\(plan.output)")
    #expect(plan.output.contains("2 pending"), "\(plan.output)")
    _ = try shell.run("drill time +735h")
    #expect(try shell.run("plan m").output.contains("0 pending"), "another month has come")
  }

  @Test func anotherMonthAndNone() throws {
    let shell = try Shell(["m/web.yaml": Small.service()])
    try #require(try shell.run("apply m --yes").status == 0)
    let run = try shell.run("cost --month 1999-01")
    #expect(run.status == 0 && run.output.contains("1999-01, all of it"), "\(run.output)")
    #expect(try shell.run("cost --month January").status == 64)
  }
}
