import Foundation
import Model
import Planning
import ProviderContract
import ProviderDesk
import TestSupport
import Testing

@testable import SlurmProvider

/// Slurm's tools, played by scripts.
final class FakeTools: Sendable {
  let directory: URL

  init(_ tools: [String: String]) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "slurm-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for (name, script) in tools {
      let file = directory.appending(path: name)
      try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  func controller(timeout: Int64 = 20) -> SlurmTools {
    SlurmTools(
      SlurmSettings(
        configuration: "/etc/slurm/x.conf", launcher: ["/bin/true"], timeout: Seconds(timeout)),
      searchPath: "\(directory.path):/usr/bin:/bin")
  }

  func provider() -> SlurmProvider {
    SlurmProvider(
      searchPath: "\(directory.path):/usr/bin:/bin", variable: { _ in nil },
      now: { Timestamp(seconds: 1000) })
  }
}

@Suite struct ToolTests {
  @Test func aToolThatIsMissing() async throws {
    let tools = try FakeTools([:])
    let controller = SlurmTools(SlurmSettings(), searchPath: tools.directory.path)
    let failure = await failure { _ = try await controller.nodes() }
    #expect(failure?.description == "there is no 'sinfo' in PATH: are Slurm's tools installed?")
  }

  /// A look that had no answer is tried again; a change that had none may have happened.
  @Test func aToolThatHangs() async throws {
    let tools = try FakeTools(["squeue": "sleep 60", "scancel": "sleep 60"])
    let controller = tools.controller(timeout: 1)
    let look = await failure { _ = try await controller.jobs() }
    #expect(look == .transient("Slurm gave no answer in 1 s"))
    let change = await failure { try await controller.carryOut(.cancel(jobs: [1])) }
    #expect(change == .unknown("Slurm gave no answer in 1 s"))
  }

  /// What was asked may be done, whatever is said about it.
  @Test func aToolThatSaysTooMuch() async throws {
    let tools = try FakeTools(["scancel": "head -c 2000000 /dev/zero"])
    let change = await failure { try await tools.controller().carryOut(.cancel(jobs: [1])) }
    #expect(change == .unknown("Slurm's answer has more than 1048576 bytes"))
  }

  @Test(arguments: ["echo no", "echo '{}'", "echo '{\"nodes\": ['", "true"])
  func answersThatAreNone(_ script: String) async throws {
    let tools = try FakeTools(["sinfo": script])
    let controller = tools.controller()
    let failure = await failure { _ = try await controller.nodes() }
    #expect(failure?.description.hasPrefix("sinfo --json gave what can't be read: ") == true)
  }

  /// A controller that is not there is never an empty cluster.
  @Test func aControllerThatIsNotThere() async throws {
    let said = "slurm_load_node: Unable to contact slurm controller (connect failure)"
    let tools = try FakeTools(["sinfo": "echo '\(said)' >&2; exit 1"])
    let provider = tools.provider()
    let failure = await failure { _ = try await provider.observe(Fixture.slurm) }
    #expect(failure == .transient("sinfo: \(said)"))
  }

  @Test(arguments: [
    ("sbatch: error: Batch job submission failed: Invalid node name specified", "conflict"),
    ("sbatch: error: Batch job submission failed: Invalid partition name specified", "terminal"),
    ("sbatch: error: Batch job submission failed: Access/permission denied", "terminal"),
    (
      "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation",
      "unknown"
    ),
    (
      "sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received",
      "unknown"
    ),
    (
      "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)",
      "transient"
    ),
    ("", "transient"),
  ])
  func refusals(_ said: String, _ kind: String) async throws {
    let tools = try FakeTools(["scancel": "echo '\(said)' >&2; exit 1"])
    let controller = tools.controller()
    let failure = await failure { try await controller.carryOut(.cancel(jobs: [1])) }
    let word: String? =
      switch failure {
      case .conflict: "conflict"
      case .terminal: "terminal"
      case .unknown: "unknown"
      case .transient: "transient"
      case .outOfStock, nil: nil
      }
    #expect(word == kind)
  }

  @Test func whatIsGoneIsGone() async throws {
    let said = "scancel: error: Kill job error on job id 1: Invalid job id specified"
    let tools = try FakeTools(["scancel": "echo '\(said)' >&2; exit 1"])
    let controller = tools.controller()
    #expect(await failure { try await controller.carryOut(.cancel(jobs: [1])) } == nil)
  }

  @Test func aKilledToolMayHaveDoneIt() async throws {
    let tools = try FakeTools(["scancel": "kill -9 $$"])
    let controller = tools.controller()
    let failure = await failure { try await controller.carryOut(.cancel(jobs: [1])) }
    guard case .unknown = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  /// What a tool is started with is what was meant, word by word, whatever the words are; and nothing
  /// of our own environment goes along.
  @Test(.enabled(if: Shared.isPresent)) func wordsArriveAsTheyAre() async throws {
    let tools = try FakeTools([
      "sbatch": "printf '%s\\0' \"$@\" > \"$(dirname \"$0\")/words\"; "
        + "env > \"$(dirname \"$0\")/environment\"; cat > \"$(dirname \"$0\")/script\""
    ])
    let controller = tools.controller()
    for text in try Naughty.texts().enumerated().filter({ $0.offset % 25 == 0 }).map(\.element) {
      var stage = Stage()
      stage.add("n1")
      stage.settings.launcher = ["/bin/echo", text]
      let start = Fixture.start(Fixture.workload(), on: "n1")
      let moves = try stage.scene.moves(for: start, key: IdempotencyKey("k"))
      try await controller.carryOut(moves[0])
      let expected = try #require(SlurmCommand(moves[0], controller.settings)).arguments
      let words = try Data(contentsOf: tools.directory.appending(path: "words"))
      #expect(
        words.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
          String(decoding: $0, as: UTF8.self)
        } == expected)
    }
    let script = try String(
      contentsOf: tools.directory.appending(path: "script"), encoding: .utf8)
    #expect(script == SlurmCommand.script)
    let environment = try String(
      contentsOf: tools.directory.appending(path: "environment"), encoding: .utf8)
    let names = Set(environment.split(separator: "\n").map { String($0.prefix { $0 != "=" }) })
    #expect(
      names.subtracting(["PWD", "_", "SHLVL", "OLDPWD"]) == [
        "PATH", "LC_ALL", "TZ", "HOME", "SLURM_CONF", "SLURM_TIME_FORMAT",
      ])
  }
}

/// What goes over one desk at once.
@Suite struct DeskTests {
  /// A Slurm that is slow, and counts.
  private actor Slow: Controller {
    var stage = Stage()
    var looks = 0
    var submitted = 0
    var refusal: Failure?

    init(_ stage: Stage) { self.stage = stage }

    func refuse(_ failure: Failure?) { refusal = failure }

    func nodes() async throws(Failure) -> Listing<SlurmNode> {
      looks += 1
      await Task.yield()
      return stage.nodes
    }

    func jobs() async throws(Failure) -> Listing<SlurmJob> {
      await Task.yield()
      return stage.jobs
    }

    func reservations() async throws(Failure) -> Listing<SlurmReservation> {
      stage.reservations
    }

    func partitions() async throws(Failure) -> Listing<SlurmPartition> { stage.partitions }

    func carryOut(_ move: Move) async throws(Failure) {
      await Task.yield()
      if let refusal { throw refusal }
      submitted += 1
      stage.jobs.elements = stage.scene.after([move]).jobs
    }
  }

  private func desk(_ slow: Slow) -> Desk<SlurmSite> {
    let now: @Sendable () -> Timestamp = { Timestamp(seconds: 1000) }
    let settings = SlurmSettings(launcher: ["/bin/sleep", "1000"])
    return Desk(SlurmSite(slow, settings, now: now), now: now)
  }

  private func results(
    _ desk: Desk<SlurmSite>, _ steps: [Step], key: String? = nil
  ) async -> [Result<Void, Failure>] {
    await withTaskGroup(of: Result<Void, Failure>.self) { group in
      for step in steps {
        group.addTask {
          do throws(Failure) {
            try await desk.apply(
              step, IdempotencyKey(key ?? step.id.text), in: Fixture.slurm)
            return .success(())
          } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func successes(_ results: [Result<Void, Failure>]) -> Int {
    results.count { if case .success = $0 { true } else { false } }
  }

  @Test func roomIsGivenOutOnce() async {
    var stage = Stage()
    stage.add("n1")
    let slow = Slow(stage)
    let desk = desk(slow)
    let workload = Fixture.workload(cpu: 6)
    let results = await results(desk, (0..<8).map { Fixture.start(workload, $0, on: "n1") })
    #expect(successes(results) == 2)
    #expect(await slow.submitted == 2)
    #expect(await slow.looks <= 4)
  }

  @Test func aKeyIsSubmittedOnce() async {
    var stage = Stage()
    stage.add("n1")
    let slow = Slow(stage)
    let desk = desk(slow)
    let start = Fixture.start(Fixture.workload(), on: "n1")
    let results = await results(desk, Array(repeating: start, count: 8))
    #expect(successes(results) == 8)
    #expect(await slow.submitted == 1)
  }

  /// All of a gang goes with the first that is asked for, and nobody is told otherwise than that one.
  @Test func aGangIsSubmittedOnce() async {
    var stage = Stage()
    for name in ["n1", "n2", "n3"] { stage.add(name) }
    let slow = Slow(stage)
    let desk = desk(slow)
    let gang = Fixture.gang(
      Fixture.workload("train", type: .training), on: ["n1", "n2", "n3"])
    await slow.refuse(.conflict("busy"))
    #expect(successes(await results(desk, gang)) == 0)
    await slow.refuse(nil)
    #expect(successes(await results(desk, gang)) == 3)
    #expect(await slow.submitted == 1)
  }

  /// What was refused takes no room; what may have happened does, until a look has shown.
  @Test func refusalsGiveRoomBack() async {
    var stage = Stage()
    stage.add("n1")
    let slow = Slow(stage)
    let desk = desk(slow)
    let workload = Fixture.workload(cpu: 16)
    await slow.refuse(.transient("busy"))
    #expect(successes(await results(desk, [Fixture.start(workload, 0, on: "n1")])) == 0)
    await slow.refuse(.unknown("late"))
    #expect(successes(await results(desk, [Fixture.start(workload, 0, on: "n1")])) == 0)
    await slow.refuse(nil)
    #expect(successes(await results(desk, [Fixture.start(workload, 1, on: "n1")])) == 1)
  }
}
