import Model
import Planning
import ProviderContract
import ProviderDesk
import Testing

@testable import SlurmProvider

/// Gangs as one submission.
@Suite struct GangTests {
  private let workload = Fixture.workload(
    "train", type: .training, cpu: 2, milliDevices: 4000)

  private func stage(_ nodes: String...) -> Stage {
    var stage = Stage()
    for node in nodes { stage.add(node) }
    return stage
  }

  private func gang(on nodes: String..., incarnation: Int = 1) -> [Step] {
    Fixture.gang(workload, on: nodes, devices: [0, 1, 2, 3], incarnation: incarnation)
  }

  private func moves(_ step: Step, _ stage: Stage) throws -> [Move] {
    try stage.scene.moves(for: step, key: IdempotencyKey(step.id.text))
  }

  private func parts(_ moves: [Move]) -> [Submission.Part]? {
    guard moves.count == 1, case .submit(let submission) = moves[0] else { return nil }
    return submission.parts
  }

  @Test func anyMemberStartsAllOfThem() throws {
    let stage = stage("n1", "n2", "n3")
    for start in gang(on: "n2", "n1", "n3") {
      let moves = try moves(start, stage)
      #expect(parts(moves)?.map(\.node) == ["n2", "n1", "n3"])
      #expect(parts(moves)?.map(\.tag.replica.id.ordinal) == [0, 1, 2])
    }
  }

  @Test func itsWords() throws {
    var stage = stage("n1", "n2")
    stage.settings.launcher = ["srun", "--container-image={image}"]
    var order = try #require(
      Fixture.gang(workload, on: ["n1", "n2"], devices: [0, 1, 2, 3]).first)
    guard case .startReplica(var start) = order else { return }
    start.workload.image = "train:1"
    start.workload.command = ["train", ":", "--all"]
    order = .startReplica(start)
    func words() throws -> [String] {
      let move = try #require(try moves(order, stage).first)
      return try #require(SlurmCommand(move, stage.settings)).arguments
    }
    let all = try words()
    let split = try #require(all.firstIndex(of: "/dev/stdin"))
    let parts = all[..<split].split(separator: ":")
    #expect(parts.count == 2)
    #expect(parts.first?.contains("--nodelist=n1") == true)
    for option in ["--nodelist=n2", "--gres=gpu:h100:4", "--partition=gpu", "--no-requeue"] {
      #expect(parts.last?.contains(option) == true)
    }
    #expect(all.contains("=SETPOINT_HOSTS=n1,n2"))
    #expect(
      all.suffix(12) == [
        "=srun", "=--het-group=0-1", "=--kill-on-bad-exit=1", "=--cpus-per-task=2",
        "=--container-image=train:1", "=/bin/sh", "=-c", "=\(SlurmCommand.memberScript)", "=sh",
        "==train", "==:", "==--all",
      ])
    stage.settings.launcher = ["apptainer", "exec", "{image}"]
    #expect(
      try words().suffix(7) == [
        "=sh", "==apptainer", "==exec", "==train:1", "==train", "==:", "==--all",
      ])
  }

  /// Slurm gives no node to two parts of one job; such members are jobs of their own.
  @Test func onNodesThatTheyShareEachIsItsOwn() throws {
    let small = Fixture.workload("small", type: .training)
    let starts = Fixture.gang(small, on: ["n1", "n1", "n2"])
    #expect(parts(try moves(starts[1], stage("n1", "n2")))?.map(\.tag.replica.id.ordinal) == [1])
  }

  /// Some of its members come and go while the others run on.
  @Test func oneThatGrowsAndShrinksIsNotBoundTogether() throws {
    var elastic = workload
    elastic.replicas = .range(CountRange(1, 3))
    elastic.step = 1
    let starts = Fixture.gang(elastic, on: ["n1", "n2"], devices: [0, 1, 2, 3])
    #expect(parts(try moves(starts[0], stage("n1", "n2")))?.count == 1)
  }

  @Test func moreThanSlurmTakesAreEachItsOwn() throws {
    let names = (1...(Submission.partsMax + 1)).map { "n\($0)" }
    var stage = Stage()
    for name in names { stage.add(name) }
    let over = Fixture.gang(workload, on: names, devices: [0, 1, 2, 3])
    #expect(parts(try moves(over[0], stage))?.count == 1)
    let most = Fixture.gang(workload, on: Array(names.dropLast()), devices: [0, 1, 2, 3])
    #expect(parts(try moves(most[0], stage))?.count == Submission.partsMax)
  }

  /// Where one of them has no room, none starts.
  @Test func allOrNone() throws {
    var stage = stage("n1", "n2")
    stage.add(foreign: 9, "theirs", on: "n2", gres: "gpu:h100:1(IDX:0)")
    for start in gang(on: "n1", "n2") {
      #expect(throws: Failure.self) { try moves(start, stage) }
    }
    stage.jobs.elements = []
    stage.nodes.elements[1].states = ["DOWN"]
    for start in gang(on: "n1", "n2") {
      #expect(throws: Failure.self) { try moves(start, stage) }
    }
  }

  @Test func whatWasAskedForOnceIsNotAskedForAgain() throws {
    var stage = stage("n1", "n2")
    let starts = gang(on: "n1", "n2")
    let asked = stage.scene.after(try moves(starts[0], stage))
    for start in starts {
      #expect(try asked.moves(for: start, key: IdempotencyKey(start.id.text)).isEmpty)
    }
    #expect(asked.observation.replicas.map(\.phase) == [.starting, .starting])
    // Also when it is over.
    for (index, start) in starts.enumerated() {
      stage.add(job: Int64(index + 1), start, on: "n\(index + 1)", ["NODE_FAIL"])
    }
    for start in starts { #expect(try moves(start, stage).isEmpty) }
    #expect(parts(try moves(gang(on: "n1", "n2", incarnation: 2)[1], stage))?.count == 2)
  }

  /// A second submission under one key goes as a whole.
  @Test func itsTwinIsCancelled() throws {
    var stage = stage("n1", "n2")
    let starts = gang(on: "n1", "n2")
    for (index, start) in starts.enumerated() {
      stage.add(job: Int64(index + 1), start, on: "n\(index + 1)")
    }
    for (index, start) in starts.enumerated() {
      stage.add(job: Int64(index + 3), start, on: "", ["PENDING"])
      stage.jobs.elements[index + 2].reason = "Dependency"
    }
    for start in starts { #expect(try moves(start, stage) == [.cancel(jobs: [3])]) }
    #expect(stage.scene.observation.replicas.map(\.phase) == [.ready, .ready])
    let after = stage.scene.after([.cancel(jobs: [3])]).jobs
    #expect(after.map { $0.states.contains("CANCELLED") } == [false, false, true, true])
  }

  /// Somebody took the room of one member between the look and the submission: it counts as lost once
  /// Slurm says that it waits for room, and goes when its gang starts elsewhere.
  @Test func whatWasDisplacedIsPlannedAnew() throws {
    var stage = stage("n1", "n2", "n3")
    for (index, start) in gang(on: "n1", "n2").enumerated() {
      stage.add(job: Int64(index + 5), start, on: "", ["PENDING"])
    }
    stage.add(foreign: 9, "theirs", on: "n2", gres: "gpu:h100:1(IDX:0)")
    #expect(stage.scene.observation.replicas.map(\.phase) == [.starting, .starting])
    for index in 0..<2 { stage.jobs.elements[index].reason = "Resources" }
    #expect(stage.scene.observation.replicas.map(\.phase) == [.starting, .lost])
    // The first one is stopped, since its gang starts anew, or was by then.
    stage.jobs.elements[0].states = ["CANCELLED"]
    let moves = try moves(gang(on: "n1", "n3", incarnation: 2)[0], stage)
    #expect(moves.first == .cancel(jobs: [5]))
    #expect(parts(Array(moves.dropFirst()))?.map(\.node) == ["n1", "n3"])
    // Where they fit beside each other, Slurm is merely slow.
    stage.jobs.elements[2].gresDetail = []
    stage.jobs.elements[0].states = ["PENDING"]
    #expect(stage.scene.observation.replicas.map(\.phase) == [.starting, .starting])
  }

  /// Any member that stops takes the others along, and none of them has failed.
  @Test func itStopsAsOne() throws {
    var stage = stage("n1", "n2")
    stage.settings.checkpointSignal = "USR1"
    for (index, start) in gang(on: "n1", "n2").enumerated() {
      stage.add(job: Int64(index + 5), start, on: "n\(index + 1)")
    }
    let moves = try moves(Fixture.stop(workload, 1, on: "n2"), stage)
    #expect(moves.suffix(2) == [.signal(job: 5, "USR1"), .cancel(jobs: [5])])
    guard case .mark(job: 6, _) = moves[0] else {
      Issue.record("\(moves[0])")
      return
    }
    var after = stage.scene.after(moves)
    #expect(after.jobs.allSatisfy { $0.states == ["CANCELLED", "COMPLETING"] })
    for index in after.jobs.indices { after.jobs[index].states = ["CANCELLED"] }
    #expect(after.observation.replicas.isEmpty)
  }
}
