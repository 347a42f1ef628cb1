import Glibc

/// What a service needs as time goes by, in replicas that are exactly at their targets, one value for
/// every 15 seconds.
struct NeedCurve {
  static let interval = 15
  static let day = 86_400 / interval

  let name: String
  let values: [Double]

  /// The curves that autoscalers are compared on; the same values for the same seed.
  static func all(days: Int, seed: UInt64) -> [NeedCurve] {
    let count = days * day
    return [
      NeedCurve(name: "wave", values: (0..<count).map(wave)),
      NeedCurve(name: "step", values: (0..<count).map { $0 % 1440 < 720 ? 2 : 20 }),
      NeedCurve(name: "noise", values: noise(count, Random(seed: seed))),
      NeedCurve(name: "spikes", values: spikes(count, Random(seed: seed + 1))),
      NeedCurve(
        name: "drift", values: drift(count, Random(seed: seed + 2), of: 0.95, by: 1.5) { _ in 10 }),
      NeedCurve(name: "office", values: office(count, Random(seed: seed + 3))),
    ]
  }

  /// Between 6 at midnight and 20 at noon.
  private static func wave(_ index: Int) -> Double {
    13 - 7 * cos(2 * .pi * Double(index % day) / Double(day))
  }

  private static func noise(_ count: Int, _ random: Random) -> [Double] {
    var random = random
    return (0..<count).map { _ in max(0.2, 10 + 1.5 * random.normal()) }
  }

  /// Of two to ten minutes, two to seven times the usual load, ten minutes to an hour apart.
  private static func spikes(_ count: Int, _ random: Random) -> [Double] {
    var random = random
    var (left, gap, height) = (0, 40, 0.0)
    return (0..<count).map { _ in
      if left > 0 {
        left -= 1
      } else if gap > 0 {
        gap -= 1
      } else {
        left = 8 + random.below(33)
        gap = 40 + random.below(201)
        height = Double(8000 + random.below(12_000)) / 1000
      }
      return left > 0 ? 3 + height : 3
    }
  }

  /// Noise with a memory around a mean: each value keeps `memory` of the last one's deviation.
  private static func drift(
    _ count: Int, _ random: Random, of memory: Double, by deviation: Double,
    around mean: (Int) -> Double
  ) -> [Double] {
    var random = random
    var state = 0.0
    return (0..<count).map { index in
      state = memory * state + (1 - memory * memory).squareRoot() * random.normal()
      return max(0.2, mean(index) + deviation * state)
    }
  }

  /// A wave with noise that has a memory, and a quarter of an hour of 1.6 times as much now and then.
  private static func office(_ count: Int, _ random: Random) -> [Double] {
    var random = random
    var burst = 0
    let factors = drift(count, Random(seed: UInt64(1 + random.below(1 << 30))), of: 0.9, by: 0.08) {
      _ in 1
    }
    return factors.enumerated().map { index, factor in
      if random.below(1440) == 0 { burst = 60 }
      burst = max(0, burst - 1)
      return max(0.2, wave(index) * factor * (burst > 0 ? 1.6 : 1))
    }
  }
}

extension Random {
  /// With mean 0 and deviation 1: Box and Muller's.
  mutating func normal() -> Double {
    let (radius, angle) = (Double(1 + below(1 << 40)), Double(below(1 << 40)))
    return (-2 * log(radius / Double(1 << 40))).squareRoot()
      * cos(2 * .pi * angle / Double(1 << 40))
  }
}
