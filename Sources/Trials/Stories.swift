import Model
import Simulation

/// The scenarios whose every point is tried, and the swarms that a seed draws.
public enum Stories {
  /// Each with a name; short, so that all of their points can be tried with all faults.
  public static let all: [(name: String, script: Script)] = [
    ("bring-up", story(3, [(0, .apply(0))])),
    ("change", story(7, [(0, .apply(0)), (600, .apply(1))])),
    ("shrink-and-grow", story(11, [(0, .apply(0)), (600, .apply(1)), (1200, .apply(2))])),
    ("lose-a-node", story(5, [(0, .apply(0)), (600, .drill("lose node @0"))])),
    ("reclaim", story(9, [(0, .apply(0)), (600, .drill("reclaim @1"))])),
    (
      "stock-out",
      story(
        4, [(0, .drill("stock out p4d.24xlarge:spot")), (1, .apply(0)), (900, .drill("restock"))])
    ),
    (
      "lose-a-zone",
      story(6, [(0, .apply(0)), (600, .drill("lose zone us-east-1a"))])
    ),
    ("two-runs", story(8, [(0, .apply(0)), (5, .second), (600, .apply(1))])),
    ("overtaken", story(12, [(0, .apply(0)), (20, .apply(1))])),
    ("lost-state", story(3, [(0, .apply(0)), (600, .loseState), (610, .apply(0))])),
  ]

  private static func story(_ seed: UInt64, _ entries: [(Int64, Script.Happening)]) -> Script {
    Script(wishes: seed, entries: entries.map { Script.Entry(Seconds($0.0), $0.1) })
  }

  /// What befalls a world in about `steps` steps, drawn by a seed, with the chances of each fault.
  public static func swarm(
    _ seed: UInt64, steps: Int, isElastic: Bool = false
  ) -> (script: Script, chance: Trial.Chance) {
    var random = Dice(seed)
    var script = Script(
      wishes: seed, isTimed: random.below(2) == 0, isElastic: isElastic,
      jitter: random.below(4) == 0 ? nil : seed)
    var at: Int64 = 0
    script.entries.append(Script.Entry(.zero, .apply(0)))
    // About one entry in sixty steps: so much it takes to react to one.
    for number in 1...max(1, steps / 60) {
      at += random.pick([1, 5, 20, 60, 60, 150, 400])
      script.entries.append(Script.Entry(Seconds(at), random.happening(number)))
    }
    let faults = Fault.allCases.filter { _ in random.below(3) > 0 }
    let chance = Trial.Chance(
      seed: seed, perMille: random.pick([0, 5, 20, 60, 150]), faults: faults)
    return (script, chance)
  }
}

/// Draws what happens.
private struct Dice {
  private var random: SplitMix64

  init(_ seed: UInt64) { random = SplitMix64(seed: seed, stream: "swarm") }

  mutating func below(_ bound: UInt64) -> UInt64 { random.next(below: bound) }

  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int(below(UInt64(values.count)))]
  }

  mutating func happening(_ number: Int) -> Script.Happening {
    let place = "@\(below(16))"
    switch below(16) {
    case 0, 1, 2: return .apply(number)
    case 3: return .second
    case 4: return .pause(Int(below(2)), Seconds(pick([10, 40, 400])))
    case 5: return .skew(Int(below(2)), Seconds(pick([-3600, -30, 0, 30, 3600])))
    case 6, 7: return .drill("lose node \(place)")
    case 8: return .drill("reclaim \(place)")
    case 9: return .drill("heal \(place)")
    case 10: return .drill("lose zone \(pick(["us-east-1a", "us-east-1b"]))")
    case 11: return .drill("stock out \(pick(["p4d.24xlarge:spot", "g6.2xlarge", "g6.12xlarge"]))")
    case 12: return .drill("restock")
    case 13: return .drill("\(pick(["partial", "cut off", "heal", "heal"])) lab-\(below(2))")
    case 14: return .drill("\(pick(["crash", "heal", "heal"])) \(pick(["ant", "bee", "cat"]))")
    default: return .drill("occupy \(place) guest-\(number) cpu=2")
    }
  }
}
