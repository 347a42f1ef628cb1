/// A node of one offer as a knapsack: which replicas it would best hold at given prices of replicas.
///
/// The search goes depth first over replicas, and is bounded by a relaxation that prices each amount of
/// the node instead of limiting it (Lagrangian relaxation; Martello and Toth, Knapsack Problems, 1990).
/// With good prices little is left to be searched, because a replica that pays less than its room
/// costs eats up the difference to the best filling known.
struct Packer {
  /// Cores, memory, storage, network, thousandths of devices; the rest is zero.
  typealias Amounts = SIMD8<Double>

  /// Steps of one search.
  static let stepsMax = 6000
  /// Steps towards better prices of amounts, from those found last.
  private static let pricingSteps = 24

  let offer: Int
  /// In dollars, which keeps the numbers of the program near 1.
  let price: Double
  private let room: Room
  private let capacity: Amounts
  /// Items that may stand here and fit, by number.
  private let items: [Int]
  private let sizes: [Amounts]
  /// The same, of a node with 1 of everything.
  private let parts: [Amounts]
  /// How many of each item the node holds of it alone; 0 for those that may not stand here.
  let alone: [Int]
  /// What each amount of the whole node is worth, as found last.
  private var worth = Amounts(repeating: 0)

  init(offer: Int, price: Int64, room: Room, classes: [ReplicaClass], isAllowed: [Bool]) {
    self.offer = offer
    self.price = Double(price) / 1e6
    self.room = room
    let capacity = Amounts(
      Double(room.cpu), Double(room.memory), Double(room.storage), Double(room.network),
      Double(room.devices.count * 1000), 0, 0, 0)
    alone = classes.indices.map { item in
      var empty = room
      return isAllowed[item] ? empty.take(classes[item], atMost: Int(Int32.max)) : 0
    }
    items = classes.indices.filter { [alone] in alone[$0] > 0 }
    sizes = items.map { Packer.amounts(classes[$0]) }
    let unit = capacity.replacing(with: 1, where: capacity .< 1)
    parts = sizes.map { $0 / unit }
    self.capacity = capacity
  }

  private static func amounts(_ replica: ReplicaClass) -> Amounts {
    Amounts(
      Double(replica.cpu), Double(replica.memory), Double(replica.storage),
      Double(replica.network), Double(replica.charge), 0, 0, 0)
  }

  /// The most valuable filling found that is worth more than `least`.
  mutating func best(
    values: [Double], left: [Int], above least: Double, _ classes: [ReplicaClass]
  ) -> (Pattern, value: Double)? {
    let most = items.map { min(alone[$0], left[$0]) }
    guard priceAmounts(values, most, above: least) else { return nil }
    let gains = items.indices.map { values[items[$0]] - (worth * parts[$0]).sum() }
    let order = items.indices.filter { most[$0] > 0 && values[items[$0]] > 0 }
      .sorted { (-gains[$0], $0) < (-gains[$1], $1) }
    var search = Search(
      values: order.map { values[items[$0]] }, gains: order.map { gains[$0] },
      sizes: order.map { sizes[$0] }, most: order.map { most[$0] }, least: least)
    search.run(capacity, worth: worth.sum())
    guard search.best > least else { return nil }
    var counts = Array(repeating: 0, count: left.count)
    for (place, index) in order.enumerated() { counts[items[index]] = search.filling[place] }
    let pattern = held(counts, classes)
    let value = pattern.value(values)
    return value > least ? (pattern, value) : nil
  }

  /// Looks for prices of amounts at which a filling can be worth least (subgradients with Polyak's
  /// step); false where no filling is worth more than `least`.
  private mutating func priceAmounts(
    _ values: [Double], _ most: [Int], above least: Double
  ) -> Bool {
    var present = worth
    var bound = Double.infinity
    for _ in 0..<Packer.pricingSteps {
      var sum = present.sum()
      var slack = Amounts(1, 1, 1, 1, 1, 0, 0, 0)
      for index in items.indices {
        let gain = values[items[index]] - (present * parts[index]).sum()
        guard gain > 0 else { continue }
        sum += gain * Double(most[index])
        slack -= parts[index] * Double(most[index])
      }
      if sum < bound {
        bound = sum
        worth = present
        if bound <= least { return false }
      }
      // What is at its floor can't go lower, and should not shorten the step.
      slack.replace(with: 0, where: (present .<= 0) .& (slack .> 0))
      let length = (slack * slack).sum()
      if length < 1e-12 { break }
      let step = (sum - least * 0.98) / length
      present -= slack * step
      present.replace(with: 0, where: present .< 0)
    }
    return true
  }

  /// As much of the counts as the devices of one node really hold: shares don't add up over devices.
  private func held(_ counts: [Int], _ classes: [ReplicaClass]) -> Pattern {
    var room = room
    var held: [(item: Int, count: Int)] = []
    for item in items where counts[item] > 0 {
      let count = room.take(classes[item], atMost: counts[item])
      if count > 0 { held.append((item, count)) }
    }
    return Pattern(offer: offer, price: price, counts: held)
  }

  /// The pattern cut down to what is left to place, and filled up with other replicas that fit.
  func realize(_ pattern: Pattern, values: [Double], left: [Int], _ classes: [ReplicaClass])
    -> Pattern
  {
    var room = room
    var counts = Array(repeating: 0, count: left.count)
    for (item, count) in pattern.counts {
      counts[item] = room.take(classes[item], atMost: min(count, left[item]))
    }
    let order = items.indices.sorted {
      let one = values[items[$0]] / parts[$0].max()
      let other = values[items[$1]] / parts[$1].max()
      return one != other ? one > other : $0 < $1
    }
    for index in order where left[items[index]] > counts[items[index]] {
      let item = items[index]
      counts[item] += room.take(classes[item], atMost: left[item] - counts[item])
    }
    let filled = counts.indices.filter { counts[$0] > 0 }.map { (item: $0, count: counts[$0]) }
    return Pattern(offer: offer, price: price, counts: filled)
  }
}

/// Depth first over replicas in the order of their gains.
private struct Search {
  let values: [Double]
  /// Values less what the room of a replica is worth; falling.
  let gains: [Double]
  let sizes: [Packer.Amounts]
  let most: [Int]
  /// What all replicas from here on could gain together.
  private let rest: [Double]
  private(set) var best: Double
  private(set) var filling: [Int]
  private var counts: [Int]
  private var steps = Packer.stepsMax

  init(
    values: [Double], gains: [Double], sizes: [Packer.Amounts], most: [Int], least: Double
  ) {
    self.values = values
    self.gains = gains
    self.sizes = sizes
    self.most = most
    var rest = gains
    var sum = 0.0
    for index in gains.indices.reversed() where gains[index] > 0 {
      sum += gains[index] * Double(most[index])
      rest[index] = sum
    }
    self.rest = rest
    best = least
    counts = Array(repeating: 0, count: values.count)
    filling = counts
  }

  mutating func run(_ capacity: Packer.Amounts, worth: Double) {
    descend(from: 0, capacity, bound: worth, value: 0)
  }

  private mutating func descend(
    from first: Int, _ room: Packer.Amounts, bound: Double, value: Double
  ) {
    for index in first..<gains.count {
      if bound + rest[index] <= best { return }
      guard counts[index] < most[index] else { continue }
      let left = room - sizes[index]
      if any(left .< 0) { continue }
      steps -= 1
      if steps < 0 { return }
      counts[index] += 1
      if value + values[index] > best {
        best = value + values[index]
        filling = counts
      }
      descend(from: index, left, bound: bound + gains[index], value: value + values[index])
      counts[index] -= 1
    }
  }
}
