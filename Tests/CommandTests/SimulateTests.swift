import Foundation
import Testing

/// `simulate`: what would happen, and nothing done.
@Suite struct SimulateTests {
  private func running() throws -> Shell {
    let shell = try Shell(["m/web.yaml": Small.service()])
    try #require(try shell.run("apply m --yes").status == 0)
    return shell
  }

  private static let load = """
    apiVersion: setpoint/v1
    kind: Load
    workloads:
      - workload: web
        points: [{at: 1h, replicas: 6}, {at: 3h, replicas: 1}]

    """

  @Test func tellsWhatWouldHappenStepByStep() throws {
    let shell = try running()
    let run = try shell.run("simulate --lose node=l4-1")
    #expect(run.status == 0, "\(run.talk)")
    for words in [
      "What if: lose node=l4-1", "lost", "lab/l4-1 (with web/0)", "create      lab/l4-3",
      "everything is there and ready", "Plan 1 of", "> web/0  1 replica  lab/l4-1 → lab/l4-3",
      "Simulated: quiet after ", "nodes 2 → 2 · 2 of 2 replicas ready · 0 pending",
    ] { #expect(run.output.contains(words), "\(words)\n\(run.output)") }
    let day = try shell.run("simulate m --price all+50% --set pool/l4.nodes=5 --hours 24")
    #expect(day.output.contains("nodes 2 → 5"), "\(day.output)")
    #expect(day.output.contains("node-hours"), "\(day.output)")
    try shell.write("load.yaml", Self.load)
    let load = try shell.run("simulate m --load load.yaml --hours 6")
    #expect(load.output.contains("web: 6 replicas") && load.output.contains("web: 1 replicas"))
    #expect(load.output.contains("1 of 1 replicas ready"), "\(load.output)")
    #expect(try shell.run("plan m --detailed-exitcode").status == 0, "nothing was done")
    #expect(try !shell.run("get nodes").output.contains("lost"))
  }

  @Test func aSnapshotIsEnough() throws {
    let shell = try running()
    try shell.write("snapshot.json", try shell.run("snapshot").output)
    let here = try shell.run("simulate --lose node=l4-1 --hours 2 -o json")
    #expect(here.status == 0, "\(here.talk)")
    try FileManager.default.removeItem(at: shell.path(".setpoint"))
    let there = try shell.run("simulate --lose node=l4-1 --hours 2 --observed snapshot.json")
    #expect(there.status == 0, "\(there.talk)")
    #expect(there.output.contains("2 of 2 replicas ready"), "\(there.output)")
    #expect(!shell.exists(".setpoint"))
    let document = try JSONSerialization.jsonObject(with: Data(here.output.utf8))
    let fields = try #require(document as? [String: Any])
    #expect(fields["kind"] as? String == "simulation")
    let course = try #require(fields["course"] as? [String: Any])
    #expect((course["events"] as? [Any])?.isEmpty == false)
    #expect(fields["without"] != nil)
  }

  @Test func thePageNeedsNothingElse() throws {
    let shell = try running()
    let run = try shell.run("simulate m --lose zone=us-east-1a --hours 24 -o html")
    #expect(run.status == 0, "\(run.talk)")
    #expect(run.output.contains("default-src 'none'"))
    #expect(run.output.components(separatedBy: "<svg").count == 5)
    for word in ["<script", "http://", "https://", "url(", "@import", "NaN"] {
      #expect(!run.output.contains(word), "\(word)")
    }
  }

  @Test func manifestsBesidesAreTakenOverWhatWasApplied() throws {
    let shell = try running()
    try shell.write("more.yaml", Small.workload("more", replicas: 3))
    for words in ["simulate --add more.yaml", "simulate m --add more.yaml"] {
      let run = try shell.run(words)
      #expect(run.output.contains("5 of 5 replicas ready"), "\(run.output)\(run.talk)")
      #expect(run.output.contains("0 to delete"))
    }
  }

  @Test(arguments: [
    ("simulate m --lose node=l9", 1, "simulate/nothing"),
    ("simulate m --set pool/l5.nodes=3", 1, "simulate/unknown-object"),
    ("simulate m --set pool/l4.nods=3", 1, "manifest/unknown-field"),
    ("simulate m --set pool/l4.nodes=many", 1, "manifest/invalid-range"),
    ("simulate m --set pool/l4.metadata.name=x", 1, "simulate/renames"),
    ("simulate m --set pool/l4.cluster=nowhere", 1, "reference/"),
    ("simulate m --price g9.2xlarge+10%", 1, "simulate/no-price"),
    ("simulate m --load gone.yaml --hours 1", 1, "source/unreadable"),
    ("simulate m --load other.yaml --hours 1", 1, "simulate/unknown-workload"),
    ("simulate m --load measured.yaml --hours 1", 1, "simulate/metrics"),
    ("simulate m --load m/web.yaml --hours 1", 1, "load/shape"),
    ("simulate m --lose zone=us-east-1a@noon", 64, "--lose"),
    ("simulate nowhere", 1, "source/not-found"),
    ("simulate m --add nowhere", 1, "source/not-found"),
    ("simulate m --observed m/web.yaml", 1, "document/shape"),
    ("simulate m --lose l4-1", 64, "--lose"), ("simulate m --set l4", 64, "--set"),
    ("simulate m --price cheap", 64, "--price"), ("simulate m --hours 0", 64, "from 1 to 744"),
    ("simulate m --hours 745", 64, "from 1 to 744"),
    ("simulate m --load other.yaml", 64, "--load goes with --hours"),
    ("simulate", 64, "name manifests"), ("simulate m -o pdf", 64, "pdf"),
  ]) func mistakesAreTold(words: String, status: Int32, said: String) throws {
    let shell = try running()
    try shell.write("other.yaml", Self.load.replacing("web", with: "wbe"))
    try shell.write(
      "measured.yaml",
      "apiVersion: setpoint/v1\nkind: Load\n"
        + "workloads: [{workload: web, points: [{at: 0h, metrics: [3]}]}]\n")
    let run = try shell.run(words)
    #expect(run.status == status, "\(run.talk)")
    #expect(run.talk.contains(said), "\(run.talk)")
    #expect(run.output == "")
  }

  @Test func drillsAreStillSaidSo() throws {
    let shell = try running()
    #expect(try shell.run("drill lose node lab/l4-1").output.contains("lab/l4-1 is lost"))
    #expect(try shell.run("simulate heal lab/l4-1").output.contains("is back"))
    let run = try shell.run("drill loose node a")
    #expect(run.status == 1 && run.talk.contains("error[world/drill]"))
    // A directory of that name is meant where there is one.
    try shell.write("lose/web.yaml", Small.service())
    #expect(try shell.run("simulate lose").output.contains("Simulated: "))
  }
}
