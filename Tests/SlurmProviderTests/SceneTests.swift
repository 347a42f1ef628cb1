import Model
import Planning
import ProviderContract
import ProviderDesk
import Testing

@testable import SlurmProvider

/// What is seen, as the model has it.
@Suite struct SceneTests {
  /// By the settings, or by a feature, which knows better.
  @Test func deviceMemoryIsToldToUs() {
    var stage = Stage()
    stage.add("n1")
    stage.add("n2", features: ["accelerator-memory=40Gi"])
    stage.add("n3", features: ["accelerator-memory=much"])
    func memory() -> [Int64?] {
      stage.scene.observation.nodes.map { $0.capacity.accelerators?.memoryBytes }
    }
    #expect(memory() == [0, 40 << 30, 0])
    stage.settings.acceleratorMemoryBytes = 80 << 30
    #expect(memory() == [80 << 30, 40 << 30, 80 << 30])
  }

  /// Jobs of others that wait for room may be given it first; those that wait for something else, or
  /// elsewhere, may not.
  @Test func whoElseWaitsIsTold() {
    var stage = Stage()
    stage.settings.partition = "gpu"
    func contenders(_ change: (inout SlurmJob) -> Void) -> [Contender] {
      var job = SlurmJob()
      job.states = ["PENDING"]
      job.reason = "Resources"
      job.partitions = ["debug", "gpu"]
      change(&job)
      stage.jobs.elements = [job]
      return stage.scene.observation.contenders
    }
    #expect(contenders { _ in } == [Contender(scheduler: "slurm", count: 1)])
    #expect(contenders { $0.reason = "Dependency" } == [])
    #expect(contenders { $0.partitions = ["cpu"] } == [])
    #expect(contenders { $0.states = ["RUNNING"] } == [])
  }

  @Test func asRecorded() throws {
    let seen = try Recorded.scene().observation
    #expect(seen.isComplete)
    // Cloud nodes that nobody ordered are not there.
    #expect(seen.nodes.map(\.id.name) == ["a", "n1", "n2"])
    #expect(seen.nodes.map(\.phase) == [.ready, .ready, .draining])
    #expect(seen.nodes.map(\.reason) == [nil, nil, "fan broken"])
    #expect(seen.nodes.map(\.pool) == [PoolName("h100"), nil, nil])
    #expect(seen.nodes.map(\.address) == ["127.0.0.1", "127.0.0.1", "127.0.0.1"])
    let ordered = try #require(seen.nodes.first)
    #expect(ordered.capacity == Fixture.node("a").capacity)
    #expect(ordered.taints == Fixture.node("a").taints)
    #expect(ordered.emptySince != nil)
    let theirs = seen.nodes[1]
    #expect(theirs.capacity.accelerators?.model == Fixture.h100)
    #expect(theirs.capacity.amounts.cpuMilli == 64_000)
    #expect(theirs.zone == "us-east-1a" && theirs.labels["zone"] == "us-east-1a")
    #expect(theirs.emptySince == nil)

    #expect(seen.replicas.map(\.id.description) == ["chat/0", "chat/1"])
    #expect(seen.replicas.map(\.phase) == [.ready, .crashLooping])
    #expect(seen.replicas[0].devices == [1, 3])
    #expect(seen.replicas[1].restarts == 1)
    #expect(
      seen.occupants.map(\.name) == ["job 3: theirs", "job 4: wide", "job 4: wide"])
    // Ours stands on 1 and 3 of n1; Slurm's own words for others are 2 and 3.
    #expect(seen.occupants.map(\.devices) == [[2], [0], [0]])
    #expect(seen.occupants[1].resources.amounts.cpuMilli == 3000)
  }

  @Test(
    arguments: [
      (["IDLE", "CLOUD", "POWERED_DOWN"], nil),
      (["IDLE", "CLOUD", "POWER_UP", "POWERED_DOWN"], .booting),
      (["IDLE", "CLOUD", "POWERING_UP"], .booting), (["IDLE", "CLOUD"], .ready),
      (["MIXED", "CLOUD", "NOT_RESPONDING"], .ready), (["DOWN", "CLOUD"], .lost),
      (["IDLE", "CLOUD", "DRAIN"], .draining), (["IDLE", "CLOUD", "POWER_DOWN"], .deleting),
      (["IDLE", "CLOUD", "POWERING_DOWN", "DRAIN"], .deleting),
    ] as [(Set<String>, ObservedNode.Phase?)])
  func phasesOfOrderedNodes(_ states: Set<String>, _ phase: ObservedNode.Phase?) {
    var stage = Stage()
    stage.add("c1", as: "a", states)
    #expect(stage.scene.observation.nodes.map(\.phase) == (phase.map { [$0] } ?? []))
  }

  /// Only those who are in a reservation may use its nodes, and they no others.
  @Test func reservedNodesTakeNothingOfOurs() throws {
    var stage = Stage()
    for name in ["n1", "n2", "n3"] { stage.add(name) }
    stage.nodes.elements[2].states.insert("MAINT")
    stage.reservations.elements = [
      SlurmReservation(name: "ours", nodes: "n[2-3]", startTime: 900, endTime: 1001),
      SlurmReservation(name: "over", nodes: "n1", startTime: 900, endTime: 1000),
      SlurmReservation(name: "later", nodes: "n1", startTime: 1001, endTime: 2000),
    ]
    func seen() -> [String?] {
      stage.scene.observation.nodes.map { $0.phase == .draining ? $0.reason : $0.phase.rawValue }
    }
    #expect(seen() == ["ready", "in reservation 'ours'", "in reservation 'ours'"])
    stage.settings.reservation = "ours"
    #expect(seen() == ["not in reservation 'ours'", "ready", "ready"])
    stage.settings.reservation = nil
    stage.reservations.elements = []
    #expect(seen() == ["ready", "ready", "reserved"])
  }

  /// Slurm starts nothing on a node that could still run when a reservation of it begins; what runs
  /// there may run on until then.
  @Test(
    arguments: [
      (SlurmPartition(name: "gpu"), true), (SlurmPartition(name: "gpu", minutesMax: 17), true),
      (SlurmPartition(name: "gpu", minutesMax: 16), false),
      (SlurmPartition(name: "gpu", defaultMinutes: 16, minutesMax: 17), false),
      (SlurmPartition(name: "other", minutesMax: 1), true),
    ] as [(SlurmPartition, Bool)])
  func beforeAReservation(_ partition: SlurmPartition, _ isTainted: Bool) throws {
    var stage = Stage()
    stage.add("n1")
    stage.add("n2")
    stage.add("c1", ["IDLE", "CLOUD", "POWERED_DOWN"])
    stage.partitions.elements = [partition]
    stage.reservations.elements = [
      SlurmReservation(name: "later", nodes: "n1,c1", startTime: 2001, endTime: 3000),
      SlurmReservation(name: "over", nodes: "n2", startTime: 10, endTime: 20),
    ]
    let taint = Taint(key: "reservation", value: "later", effect: .noSchedule)
    let seen = stage.scene.observation.nodes
    #expect(seen.map(\.phase) == [.ready, .ready])
    #expect(seen.map(\.taints) == [isTainted ? [taint] : [], []])
    let create = Step.createNode(Fixture.node("a"))
    #expect(
      (try? stage.scene.moves(for: create, key: IdempotencyKey("k")).count) == (isTainted ? nil : 1)
    )
    stage.settings.reservation = "ours"
    #expect(stage.scene.observation.nodes.allSatisfy { $0.taints.isEmpty })
  }

  /// The reservation was made between the look and the submission.
  @Test func whatWaitsForAReservationIsPlannedAnew() throws {
    var stage = Stage()
    stage.add("n1")
    stage.add("n2")
    stage.add(job: 7, Fixture.start(Fixture.workload(), on: "n1"), on: "n1", ["PENDING"])
    stage.jobs.elements[0].reason = "ReqNodeNotAvail"
    #expect(stage.scene.observation.replicas.map(\.phase) == [.starting])
    stage.reservations.elements = [
      SlurmReservation(name: "later", nodes: "n1", startTime: 2000, endTime: 3000)
    ]
    #expect(stage.scene.observation.replicas.map(\.phase) == [.lost])
    let again = Fixture.start(Fixture.workload(), on: "n2", incarnation: 2)
    #expect(try stage.scene.moves(for: again, key: IdempotencyKey("k")).first == .cancel(jobs: [7]))
  }

  @Test func partitionsAsRecorded() throws {
    let lines = SlurmPartition.list(
      """
      PartitionName=gpu AllowGroups=ALL Default=YES DefaultTime=NONE MaxTime=UNLIMITED Nodes=n[1-2]
      PartitionName=day DefaultTime=01:30:00 MaxTime=1-00:00:00 MinNodes=0
      PartitionName=week DefaultTime=NONE MaxTime=7-12:00:00
      """
    ).elements
    #expect(lines.map(\.name) == ["gpu", "day", "week"])
    #expect(lines.map(\.jobSecondsMax) == [nil, 5400, 648_000])
    let json = try SlurmPartition.list(
      Array(
        """
        {"errors": [], "partitions": [
          {"name": "gpu", "default_time_limit": null, "max_time_limit": -1},
          {"name": "day", "default_time_limit": 90, "max_time_limit": 1440},
          {"name": "new", "defaults": {"time": {"set": false, "infinite": false, "number": 0}},
            "maximums": {"time": {"set": true, "infinite": false, "number": 5}, "nodes": {}}},
          {"name": "free", "maximums": {"time": {"set": true, "infinite": true, "number": 0}}}]}
        """.utf8)
    ).elements
    #expect(json.map(\.jobSecondsMax) == [nil, 5400, 300, nil])
  }

  @Test func aReservedNodeIsNotOrdered() throws {
    var stage = Stage()
    stage.add("c1", ["IDLE", "CLOUD", "POWERED_DOWN"])
    let create = Step.createNode(Fixture.node("a"))
    #expect(try stage.scene.moves(for: create, key: IdempotencyKey("k")).count == 1)
    stage.reservations.elements = [
      SlurmReservation(name: "theirs", nodes: "c1", startTime: 0, endTime: 2000)
    ]
    #expect(throws: Failure.self) {
      try stage.scene.moves(for: create, key: IdempotencyKey("k"))
    }
  }

  /// As `scontrol` writes them.
  @Test func reservationsAsRecorded() {
    let listing = SlurmReservation.list(
      """
      ReservationName=week StartTime=1795757766 EndTime=1795761366 Duration=01:00:00 Nodes=n[1-2] \
      NodeCnt=2 Features=(null) Flags=IGNORE_JOBS,SPEC_NODES TRES=cpu=64 Users=root State=ACTIVE
      ReservationName=licence StartTime=1795757766 EndTime=1795761366 Nodes=(null) NodeCnt=0
      ReservationName=odd StartTime=2026-11-27T05:36:06 EndTime=2026-11-27T06:36:06 Nodes=n3

      """)
    #expect(
      listing.elements == [
        SlurmReservation(
          name: "week", nodes: "n[1-2]", startTime: 1_795_757_766, endTime: 1_795_761_366),
        SlurmReservation(
          name: "licence", nodes: "", startTime: 1_795_757_766, endTime: 1_795_761_366),
      ])
    #expect(listing.unreadableCount == 1)
    #expect(SlurmReservation.list("No reservations in the system\n").elements.isEmpty)
    var stage = Stage()
    stage.reservations = listing
    #expect(!stage.scene.observation.isComplete)
  }

  @Test func whyAReplicaWaits() {
    var stage = Stage()
    stage.add("n1")
    stage.add(job: 7, Fixture.start(Fixture.workload(), on: "n1"), on: "n1", ["PENDING"])
    for (reason, told) in [("", nil), ("None", nil), ("QOSMaxJobsPerUserLimit", true)]
      as [(String, Bool?)]
    {
      stage.jobs.elements[0].reason = reason
      #expect(stage.scene.observation.replicas.map(\.reason) == [told == true ? reason : nil])
    }
    stage.jobs.elements[0].states = ["RUNNING"]
    stage.jobs.elements[0].nodes = "n1"
    #expect(stage.scene.observation.replicas.map(\.reason) == [nil])
  }

  @Test func nodesOfOtherPartitionsAreNotThere() {
    var stage = Stage()
    stage.add("n1")
    stage.add("n2")
    stage.nodes.elements[1].partitions = ["low"]
    stage.settings.partition = "gpu"
    #expect(stage.scene.observation.nodes.map(\.id.name) == ["n1"])
    stage.settings.partition = nil
    #expect(stage.scene.observation.nodes.map(\.id.name) == ["n1", "n2"])
    stage.nodes.elements[1].partitions = []
    #expect(stage.scene.observation.nodes.map(\.id.name) == ["n1"])
  }

  /// What can't be read may hide anything; so may a controller that has just started.
  @Test func aPartialLookSaysSo() {
    var stage = Stage()
    stage.add("n1")
    #expect(stage.scene.observation.isComplete)
    stage.jobs.unreadableCount = 1
    #expect(!stage.scene.observation.isComplete)
    stage.jobs.unreadableCount = 0
    stage.add("n2", ["UNKNOWN"])
    #expect(!stage.scene.observation.isComplete)
  }

  @Test func whatAnotherClusterOrderedIsThatOnes() {
    var stage = Stage()
    stage.add("c1", as: "a")
    stage.add("c2", ["IDLE", "CLOUD"])
    stage.add("n1")
    var other = Fixture.slurm(stage.settings)
    other.metadata.name = "elsewhere"
    let seen = Scene(
      other, stage.settings, nodes: stage.nodes, jobs: stage.jobs,
      reservations: stage.reservations, partitions: stage.partitions, at: stage.at
    ).observation
    #expect(seen.nodes.map(\.id.name) == ["c2", "n1"])
  }

  @Test func namesAreNeverTakenTwice() {
    var stage = Stage()
    stage.add("c1", as: "a")
    stage.add("c2", as: "a")
    stage.add("a")
    #expect(stage.scene.observation.nodes.map(\.id.name) == ["a", "c2"])
  }

  private static let service = Fixture.workload()
  private static let training = Fixture.workload(type: .training)

  @Test(
    arguments: [
      (["RUNNING"], nil, .ready), (["PENDING"], nil, .starting), (["CONFIGURING"], nil, .starting),
      (["COMPLETING"], nil, .ready), (["COMPLETING"], "stop", .stopping),
      (["CANCELLED", "COMPLETING"], "stop", .stopping), (["CANCELLED"], nil, nil),
      (["CANCELLED"], "stop", nil), (["NODE_FAIL"], nil, nil), (["PREEMPTED"], nil, nil),
      (["FAILED"], nil, .crashLooping), (["FAILED"], "stop", nil),
      (["TIMEOUT"], nil, .crashLooping),
      (["COMPLETED"], nil, .crashLooping), (["SUSPENDED"], nil, .ready),
    ] as [(Set<String>, String?, ObservedReplica.Phase?)])
  func phasesOfServices(
    _ states: Set<String>, _ stopKey: String?, _ phase: ObservedReplica.Phase?
  ) {
    var stage = Stage()
    stage.add("n1")
    stage.add(
      job: 1, Fixture.start(Self.service, on: "n1"), on: "n1", states, stopped: stopKey,
      endedAt: 995)
    #expect(stage.scene.observation.replicas.map(\.phase) == (phase.map { [$0] } ?? []))
  }

  /// What runs and has not answered yet is no reason to stop what does.
  @Test func aServiceThatDoesNotAnswerYetIsStarting() {
    var stage = Stage()
    stage.add("n1")
    stage.add(job: 1, Fixture.start(Self.service, on: "n1"), on: "n1", ["RUNNING"])
    var scene = stage.scene
    scene.silent = [1]
    #expect(scene.observation.replicas.map(\.phase) == [.starting])
    #expect(scene.observation.replicas.map(\.reason) == ["does not answer yet"])
    stage.jobs.elements = []
    stage.add(
      job: 1, Fixture.start(Self.service, on: "n1"), on: "n1", ["COMPLETING"], stopped: "stop")
    scene = stage.scene
    scene.silent = [1]
    #expect(scene.observation.replicas.map(\.phase) == [.stopping])
  }

  @Test func aTrainingThatEndsIsFinished() {
    var stage = Stage()
    stage.add("n1")
    stage.add(job: 1, Fixture.start(Self.training, on: "n1"), on: "n1", ["COMPLETED"])
    #expect(stage.scene.observation.replicas.map(\.phase) == [.finished])
  }

  @Test func whatRunsOnALostNodeIsLost() {
    var stage = Stage()
    stage.add("n1", ["DOWN"])
    stage.add(job: 1, Fixture.start(Self.service, on: "n1"), on: "n1")
    #expect(stage.scene.observation.replicas.map(\.phase) == [.lost])
    stage.nodes.elements = []
    #expect(stage.scene.observation.replicas.map(\.phase) == [.lost])
  }

  /// Slurm starts nothing anew: the pause before the next try grows with the failures it remembers.
  @Test func failuresArePausedFor() {
    var stage = Stage()
    stage.add("n1")
    for failure in 1...3 {
      stage.add(
        job: Int64(failure), Fixture.start(Self.service, on: "n1", incarnation: failure),
        on: "n1", ["FAILED"], endedAt: 1000)
    }
    func phases(at second: Int64) -> [ObservedReplica.Phase] {
      stage.at = Timestamp(seconds: second)
      return stage.scene.observation.replicas.map(\.phase)
    }
    #expect(phases(at: 1039) == [.crashLooping])
    #expect(stage.scene.observation.replicas.map(\.restarts) == [3])
    #expect(phases(at: 1040) == [])
    stage.add(job: 4, Fixture.start(Self.service, on: "n1", incarnation: 4), on: "n1")
    #expect(phases(at: 1010) == [.ready])
  }

  @Test func aTwinIsNotSeen() {
    var stage = Stage()
    stage.add("n1")
    let start = Fixture.start(Self.service, on: "n1")
    stage.add(job: 1, start, on: "n1")
    stage.add(job: 2, start, on: "n1", ["PENDING"])
    stage.jobs.elements[1].reason = "Dependency"
    #expect(stage.scene.observation.replicas.map(\.phase) == [.ready])
  }

  /// Others hold as many devices as Slurm says, never on an index that ours were given.
  @Test func othersStandWhereOursDoNot() {
    var stage = Stage()
    stage.add("n1")
    let pair = Fixture.workload(milliDevices: 2000)
    stage.add(job: 1, Fixture.start(pair, on: "n1", devices: [0, 1]), on: "n1")
    stage.add(foreign: 2, "theirs", on: "n1", gres: "gpu:h100:1(IDX:0)")
    stage.add(foreign: 3, "shared", on: "n1", gres: "shard:h100:4(IDX:3)")
    let seen = stage.scene.observation
    #expect(seen.replicas.map(\.devices) == [[0, 1]])
    #expect(seen.occupants.map(\.devices) == [[2], [3]])
  }

  @Test func modelsByTheirNames() {
    let settings = SlurmSettings(models: Labels([("nvidia_h100_80gb_hbm3", "H100")]))
    #expect(settings.model("nvidia_h100_80gb_hbm3").text == "H100")
    #expect(settings.model("a100").text == "A100")
  }
}
