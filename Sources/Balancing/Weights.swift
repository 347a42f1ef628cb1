public import Model

/// How requests are divided among the replicas of one service.
public enum Weights {
  /// What the largest gets.
  public static let max = 100

  /// By what each replica holds: devices where any has some, else cores, else memory. All that hold the
  /// same get the same.
  public static func byShare(_ replicas: [ReplicaResources]) -> [Int] {
    let measures: [(ReplicaResources) -> Int64] = [
      { $0.accelerator?.milliDevices ?? 0 }, { $0.amounts.cpuMilli }, { $0.amounts.memoryBytes },
    ]
    for measure in measures {
      let shares = replicas.map(measure)
      guard let most = shares.max(), most > 0 else { continue }
      return shares.map { share in
        // Of a double there is enough for a hundredth.
        Swift.max(1, Int((Double(share) / Double(most) * Double(Self.max)).rounded()))
      }
    }
    return replicas.map { _ in Self.max }
  }

  /// `shares`, each times its factor in per cent, so that the largest is `max` again.
  public static func scaled(_ shares: [Int], by factors: [Int]) -> [Int] {
    guard factors.contains(where: { $0 != Self.even }) else { return shares }
    let products = zip(shares, factors).map { $0.multipliedSaturated(by: $1) }
    guard let most = products.max(), most > 0 else { return shares }
    return products.map {
      Swift.max(1, Int((Double($0) / Double(most) * Double(Self.max)).rounded()))
    }
  }

  // MARK: By what is measured

  /// The factor of who has as much to do as the others.
  public static let even = 100
  /// Nobody's part is less than half of what it holds, or more than twice.
  static let factors = 50...200
  /// What is nearer than so many per cent is noise.
  private static let hysteresis = 10

  /// Factors, in per cent, of those who have `loads` to do, nil where that is not known, hold `shares`,
  /// and had the factors `before`.
  ///
  /// Who has twice the mean to do, for what it holds, is to get half; half of the way there is gone at
  /// each measurement, so that what passes by itself moves little. Where too little is known to compare,
  /// all go back toward even parts.
  public static func factors(shares: [Int], loads: [Double?], before: [Int]) -> [Int] {
    let uses = zip(shares, loads).map { share, load -> Double? in
      guard let load, load.isFinite, load >= 0, share > 0 else { return nil }
      return load / Double(share)
    }
    let known = uses.compactMap(\.self)
    let mean = known.reduce(0) { $0 + $1 / Double(known.count) }
    let isComparable = known.count > 1 && mean > 0 && mean.isFinite
    return zip(uses, before).map { use, before in
      var aim = even
      if isComparable, let use {
        let factor = use > 0 ? mean / use * Double(even) : Double(factors.upperBound)
        let bounds = Double(factors.lowerBound)...Double(factors.upperBound)
        aim = Int(Swift.min(Swift.max(factor, bounds.lowerBound), bounds.upperBound).rounded())
      }
      return abs(aim - before) < hysteresis ? before : before + (aim - before) / 2
    }
  }
}
