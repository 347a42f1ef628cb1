import Model
import Planning
import Simulation
import Testing

/// Nobody starves: where work ends some day and no more comes, every run that fits has its turn.
@Suite struct StarvationTests {
  /// As many as take a CPU second or two in a debug build.
  @Test(arguments: 0..<12 as Range<UInt64>)
  func everyRunIsDoneInTheEnd(seed: UInt64) {
    var random = SplitMix64(seed: seed, stream: "starvation")
    var stage = Self.stage(&random)
    let bound = Self.bound(stage.desired.workloads)
    let end = stage.world.now + bound
    while stage.world.now < end, !Self.isDone(stage) { Self.goOn(&stage, until: end) }
    #expect(stage.plan().lines.filter { !$0.hasSuffix(" finished") } == [], "seed \(seed)")
    #expect(Self.isDone(stage), "seed \(seed): not after \(bound.count) s")
    #expect(stage.violations == [], "seed \(seed)")
  }

  /// A gang that needs all there is, against small runs that never cease to come.
  @Test func aStreamOfLesserRunsHoldsUpNobody() {
    var stage = Stage(
      [pool("gpu", of: "gpu8", nodes: CountRange(2))],
      (0..<4).map { training("small-\($0)", replicas: 1, devices: 4, duration: .minutes(20)) })
    stage.expectSettles()
    stage.desired.workloads.append(
      training("whole", replicas: 2, priority: 200, duration: .minutes(20)))
    var number = 4
    var isDone = false
    let end = stage.world.now + .hours(1)
    while stage.world.now < end, !isDone {
      Self.goOn(&stage, until: end)
      let done = Self.finished(stage)
      isDone = done.contains("whole")
      // Whoever is done makes room for the next one, who comes at once.
      for index in stage.desired.workloads.indices {
        let name = stage.desired.workloads[index].metadata.name
        guard name != "whole", done.contains(name) else { continue }
        stage.desired.workloads[index] = training(
          "small-\(number)", replicas: 1, devices: 4, duration: .minutes(20))
        number += 1
      }
    }
    #expect(isDone)
    stage.expectSound()
  }

  // MARK: Worlds

  /// A fleet that can't grow, and several times as many runs as fit at once.
  private static func stage(_ random: inout SplitMix64) -> Stage {
    func pick(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }
    let nodes = 2 + pick(2)
    let runs = (0..<6).map { index in
      var run = training(
        "run-\(index)", replicas: 1 + pick(nodes), devices: [2, 4, 8][pick(3)],
        priority: [100, 100, 300][pick(3)], duration: .minutes([5, 20, 45][pick(3)]))
      if pick(3) == 0 {
        run.replicas = .range(CountRange(1, nodes))
        run.step = 1
      }
      return run
    }
    return Stage([pool("gpu", of: "gpu8", nodes: CountRange(nodes))], runs)
  }

  /// How long it may take if they went one after the other, and if whoever has the better claim stopped
  /// each of the others once before its end; with ten minutes each for nodes, starts and stops.
  private static func bound(_ runs: [WorkloadSpec]) -> Seconds {
    runs.reduce(.zero) { $0 + ($1.duration ?? .zero) + ($1.duration ?? .zero) + .minutes(10) }
  }

  /// Plans, acts, and lets time pass until something happens.
  private static func goOn(_ stage: inout Stage, until end: Timestamp) {
    let plan = stage.plan()
    if plan.target != stage.target { stage.adopt(plan) }
    stage.act()
    let next = stage.world.nextEventTime ?? end
    stage.world.advance(to: min(end, max(next, stage.world.now + Seconds(1))))
  }

  private static func finished(_ stage: Stage) -> Set<String> {
    Set(stage.target?.finished.map(\.workload.text) ?? [])
  }

  private static func isDone(_ stage: Stage) -> Bool {
    finished(stage).count == stage.desired.workloads.count
  }
}
