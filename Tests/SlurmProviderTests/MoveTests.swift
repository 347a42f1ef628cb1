import Model
import Planning
import ProviderContract
import ProviderDesk
import TestSupport
import Testing

@testable import SlurmProvider

/// What a step comes to, and in which words.
@Suite struct MoveTests {
  private func moves(_ step: Step, _ stage: Stage, key: String? = nil) throws -> [Move] {
    try stage.scene.moves(for: step, key: IdempotencyKey(key ?? step.id.text))
  }

  private func arguments(_ move: Move, _ stage: Stage) throws -> [String] {
    try #require(SlurmCommand(move, stage.settings)).arguments
  }

  @Test func aStartIsOneJobPinnedToItsNode() throws {
    var stage = Stage()
    stage.add("n1")
    var workload = Fixture.workload(cpu: 2, milliDevices: 2000)
    workload.image = "registry.example/chat:1"
    workload.environment = Labels([("MODE", "a b\n#SBATCH --nodelist=n2")])
    workload.secrets = [SecretReference(name: "hub", key: "token", variable: "HUB")]
    workload.command = ["--port=8000"]
    stage.settings.launcher = ["run", "--image={image}"]
    stage.settings.account = "ml"
    let moves = try moves(Fixture.start(workload, on: "n1", devices: [0, 1]), stage)
    #expect(moves.count == 1)
    let command = try #require(SlurmCommand(moves[0], stage.settings))
    #expect(command.tool == .sbatch && command.input == SlurmCommand.script)
    let split = try #require(command.arguments.firstIndex(of: "/dev/stdin"))
    #expect(
      command.arguments[..<split].filter { !$0.hasPrefix("--comment=") } == [
        "--parsable", "--job-name=lab.chat-0.1", "--nodelist=n1", "--nodes=1", "--ntasks=1",
        "--cpus-per-task=2", "--mem=1024M", "--partition=gpu", "--chdir=/tmp",
        "--output=/dev/null", "--no-requeue", "--dependency=singleton",
        "--export=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "--gres=gpu:h100:2", "--account=ml",
      ])
    #expect(
      Array(command.arguments[(split + 1)...]) == [
        "7", "=SETPOINT_CLUSTER=lab", "=SETPOINT_WORKLOAD=chat", "=SETPOINT_ORDINAL=0",
        "=SETPOINT_REPLICAS=2", "=SETPOINT_IMAGE=registry.example/chat:1",
        "=SETPOINT_SECRET_HUB=hub/token", "=MODE=a b\n#SBATCH --nodelist=n2", "=run",
        "=--image=registry.example/chat:1", "=--port=8000",
      ])
  }

  /// It is told where to listen, and where that is is read back with it.
  @Test func aServiceKnowsItsPort() throws {
    var stage = Stage()
    stage.add("n1")
    stage.nodes.elements[0].address = "10.0.0.7"
    var workload = Fixture.workload()
    workload.command = ["serve"]
    workload.endpoint = Endpoint(ports: CountRange(8000, 8003))
    let start = Fixture.start(workload, 2, on: "n1")
    let words = try arguments(#require(try moves(start, stage).first), stage)
    #expect(words.contains("=PORT=8002"))
    var scene = stage.scene
    try scene.take(#require(try moves(start, stage).first))
    let seen = scene.observation
    #expect(seen.replicas.map(\.port) == [8002])
    #expect(seen.nodes.map(\.address) == ["10.0.0.7"])
  }

  /// Whatever stands in the fields that people write: no option, no node and no script of theirs.
  @Test(.enabled(if: Shared.isPresent)) func noTextBecomesAnOption() throws {
    for text in try Naughty.texts() + ["a\n#SBATCH --uid=0", "--uid=0", "-w n2", "$(id)", "n1,n2"] {
      var stage = Stage()
      stage.add("n1")
      stage.settings.launcher = []
      var workload = Fixture.workload()
      workload.image = text
      workload.command = ["serve", text]
      workload.environment = Labels([("A", text)])
      let move = try #require(try moves(Fixture.start(workload, on: "n1"), stage).first)
      let command = try #require(SlurmCommand(move, stage.settings))
      let split = try #require(command.arguments.firstIndex(of: "/dev/stdin"))
      let options = command.arguments[..<split]
      #expect(options.count == 14 && options.allSatisfy { $0.hasPrefix("--") })
      #expect(!options.contains { $0.contains("\n") || $0.contains("$") })
      #expect(command.input == SlurmCommand.script)
      #expect(command.arguments.suffix(2) == ["=serve", "=\(text)"])
    }
  }

  @Test func queuesSayWhereJobsGo() throws {
    var stage = Stage()
    stage.add("n1")
    stage.nodes.elements[0].partitions = ["gpu", "low"]
    stage.settings.partition = "gpu"
    stage.settings.account = "all"
    stage.settings.qos = "normal"
    stage.settings.queuePartitions = Labels([("batch", "low"), ("nlp", "high")])
    stage.settings.queueAccounts = Labels([("batch", "spare")])
    stage.settings.queueQos = Labels([("batch", "scavenger")])
    func words(_ queue: String?) throws -> [String] {
      var workload = Fixture.workload()
      workload.queue = queue.map { QueueName($0) }
      return try arguments(try moves(Fixture.start(workload, on: "n1"), stage)[0], stage)
    }
    for queue in [nil, "other"] {
      let words = try words(queue)
      for word in ["--partition=gpu", "--account=all", "--qos=normal"] {
        #expect(words.contains(word))
      }
    }
    let batch = try words("batch")
    for word in ["--partition=low", "--account=spare", "--qos=scavenger"] {
      #expect(batch.contains(word))
    }
    // It says which label keeps it from such nodes.
    do {
      _ = try words("nlp")
      Issue.record("a node outside of the partition")
    } catch let failure as Failure {
      #expect(failure.description.contains("'partition-high'"))
    }
    #expect(stage.scene.observation.nodes[0].labels["partition-low"] == "true")
  }

  @Test func whatHasNoCommandIsRefused() throws {
    var stage = Stage()
    stage.add("n1")
    stage.settings.launcher = []
    #expect(throws: Failure.self) { try moves(Fixture.start(Fixture.workload(), on: "n1"), stage) }
    var workload = Fixture.workload()
    workload.command = ["-x"]
    #expect(throws: Failure.self) { try moves(Fixture.start(workload, on: "n1"), stage) }
  }

  @Test func sharesAreWholeOnes() throws {
    var stage = Stage()
    stage.add("n1")
    let odd = Fixture.start(Fixture.workload(milliDevices: 250), on: "n1", devices: [0])
    #expect(throws: Failure.self) { try moves(odd, stage) }
    let share = Fixture.workload(milliDevices: 300)
    let move = try #require(try moves(Fixture.start(share, on: "n1", devices: [0]), stage).first)
    #expect(try arguments(move, stage).contains("--gres=shard:3"))
    stage.nodes.elements[0].gres = "gpu:h100:4"
    #expect(throws: Failure.self) {
      try moves(Fixture.start(share, on: "n1", devices: [0]), stage)
    }
  }

  /// None at all would be all of the node to Slurm.
  @Test func nothingIsAskedForAsAtLeastOne() throws {
    var stage = Stage()
    stage.add("n1")
    var workload = Fixture.workload(cpu: 0)
    workload.resources.amounts = .zero
    let move = try #require(try moves(Fixture.start(workload, on: "n1"), stage).first)
    let words = try arguments(move, stage)
    #expect(words.contains("--cpus-per-task=1") && words.contains("--mem=1M"))
  }

  @Test func aLostAnswerIsFoundAgain() throws {
    var stage = Stage()
    stage.add("n1")
    let start = Fixture.start(Fixture.workload(), on: "n1")
    stage.add(job: 1, start, on: "n1")
    #expect(try moves(start, stage).isEmpty)
    stage.add(job: 2, start, on: "n1", ["PENDING"])
    stage.jobs.elements[1].reason = "Dependency"
    #expect(try moves(start, stage) == [.cancel(jobs: [2])])
  }

  /// Slurm keeps a record of what it refused, under its key: that is no start.
  @Test func aRefusedSubmissionMayBeTriedAgain() throws {
    var stage = Stage()
    stage.add("n1")
    let start = Fixture.start(Fixture.workload(), on: "n1")
    stage.add(job: 1, start, on: "", ["FAILED"])
    stage.jobs.elements[0].reason = "BadConstraints"
    #expect(try moves(start, stage).count == 1)
  }

  @Test func whatWasAskedCountsBeforeItIsSeen() throws {
    var stage = Stage()
    stage.add("n1")
    stage.add("c1", ["IDLE", "CLOUD", "POWERED_DOWN"])
    let big = Fixture.workload(cpu: 9)
    let first = Fixture.start(big, 0, on: "n1")
    let asked = stage.scene.after(try moves(first, stage))
    #expect(try asked.moves(for: first, key: IdempotencyKey(first.id.text)).isEmpty)
    #expect(throws: Failure.self) {
      try asked.moves(for: Fixture.start(big, 1, on: "n1"), key: IdempotencyKey("other"))
    }
    let ordered = stage.scene.after(try moves(.createNode(Fixture.node("a")), stage))
    #expect(ordered.observation.nodes.map(\.phase) == [.booting, .ready])
    #expect(throws: Failure.self) {
      try ordered.moves(for: .createNode(Fixture.node("b")), key: IdempotencyKey("b"))
    }
  }

  @Test func aStopMarksItsJobFirst() throws {
    var stage = Stage()
    stage.add("n1")
    let workload = Fixture.workload()
    stage.add(job: 1, Fixture.start(workload, on: "n1"), on: "n1")
    stage.settings.checkpointSignal = "USR1"
    let moves = try moves(Fixture.stop(workload, on: "n1"), stage, key: "stop 1")
    #expect(moves.count == 3)
    #expect(try arguments(moves[0], stage).first == "update")
    #expect(try arguments(moves[1], stage) == ["--full", "--signal=USR1", "1"])
    #expect(moves[2] == .cancel(jobs: [1]))
    // Between the mark and the cancel it was killed: the same key goes on from there.
    stage.jobs.elements = stage.scene.after([moves[0]]).jobs
    let again = try self.moves(Fixture.stop(workload, on: "n1"), stage, key: "stop 1")
    #expect(again.last == .cancel(jobs: [1]))
    // A later start of the same name is not what it was about.
    stage.jobs.elements[0].states = ["CANCELLED"]
    stage.add(job: 2, Fixture.start(workload, on: "n1", incarnation: 2), on: "n1")
    #expect(try self.moves(Fixture.stop(workload, on: "n1"), stage, key: "stop 1").isEmpty)
  }

  @Test func aCrashedReplicaThatIsStoppedIsForgotten() throws {
    var stage = Stage()
    stage.add("n1")
    let workload = Fixture.workload()
    stage.add(job: 1, Fixture.start(workload, on: "n1"), on: "n1", ["FAILED"], endedAt: 999)
    let moves = try moves(Fixture.stop(workload, on: "n1"), stage)
    #expect(moves == [.forget(job: 1)])
    #expect(SlurmCommand(moves[0], stage.settings) == nil)
    #expect(stage.scene.after(moves).observation.replicas.isEmpty)
  }

  @Test func nodesAreOrderedByWhatTheirFeaturesSay() throws {
    let off: Set<String> = ["IDLE", "CLOUD", "POWERED_DOWN"]
    func chosen(_ features: [String], _ states: Set<String>, reason: String = "") -> [Move]? {
      var stage = Stage()
      stage.add("c1", states, features: features)
      stage.nodes.elements[0].reason = reason
      do { return try moves(.createNode(Fixture.node("a")), stage) } catch { return nil }
    }
    #expect(chosen(["zone=us-east-1a"], off)?.count == 1)
    #expect(chosen(["x"], off)?.count == 1)
    #expect(chosen(["instance-type=p5.48xlarge", "capacity-type=on-demand"], off)?.count == 1)
    #expect(chosen(["zone=us-east-1b"], off) == nil)
    #expect(chosen(["instance-type=p4d.24xlarge"], off) == nil)
    #expect(chosen(["capacity-type=spot"], off) == nil)
    #expect(chosen(["pool=other"], off) == nil)
    #expect(chosen(["x"], ["IDLE", "CLOUD"]) == nil)
    #expect(chosen(["x"], ["IDLE", "CLOUD", "POWERING_DOWN"]) == nil)
    #expect(chosen(["x"], ["IDLE"]) == nil)
    #expect(chosen(["x"], off.union(["DRAIN"]), reason: "fan") == nil)
    let drained = chosen(["x"], off.union(["DRAIN"]), reason: "setpoint: leaving")
    #expect(drained?.count == 1)
  }

  @Test func nodesArePoweredUpAndDown() throws {
    var stage = Stage()
    stage.add("c1", ["IDLE", "CLOUD", "POWERED_DOWN"])
    let order = try #require(try moves(.createNode(Fixture.node("a")), stage).first)
    let words = try arguments(order, stage)
    #expect(words[0] == "update" && words[1] == "nodename=c1" && words[3] == "state=power_up")
    #expect(words[2].hasPrefix("comment=setpoint/1 c=lab "))
    stage = Stage()
    stage.add("c1", as: "a")
    let drain = try #require(try moves(.drainNode(Fixture.id("a")), stage).first)
    #expect(try arguments(drain, stage).contains("reason=setpoint: leaving"))
    #expect(
      try moves(.deleteNode(Fixture.id("a")), stage) == [.powerDown(node: "c1", isLost: false)])
    stage.nodes.elements[0].states = ["DOWN", "CLOUD"]
    #expect(
      try moves(.deleteNode(Fixture.id("a")), stage) == [.powerDown(node: "c1", isLost: true)])
    stage.nodes.elements[0].states = ["IDLE", "CLOUD", "POWERED_DOWN"]
    #expect(try moves(.deleteNode(Fixture.id("a")), stage) == [])
    // Ordered under this key once, and gone again since.
    #expect(try moves(.createNode(Fixture.node("a")), stage) == [])
  }
}
