/// What a node of one offer would best hold at given prices of replicas.
///
/// A knapsack in several dimensions, filled greedily by value for room, where room is measured in
/// several ways (by the scarcest resource, by all together, by each alone) and the best filling counts.
struct Packer {
  let offer: Int
  /// In dollars, which keeps the numbers of the program near 1.
  let price: Double
  private let room: Room
  /// Items that may stand here and fit, by number.
  private let items: [Int]
  /// For each way of measuring, the part of the node that one replica of each of `items` takes.
  private let sizes: [[Double]]
  /// How many of each item the node holds of it alone; 0 for those that may not stand here.
  let alone: [Int]

  init(offer: Int, price: Int64, room: Room, classes: [ReplicaClass], isAllowed: [Bool]) {
    self.offer = offer
    self.price = Double(price) / 1e6
    self.room = room
    items = classes.indices.filter { isAllowed[$0] && room.fits(classes[$0]) }
    alone = classes.indices.map { item in
      var empty = room
      return isAllowed[item] ? empty.take(classes[item], atMost: Int(Int32.max)) : 0
    }
    let parts = items.map { Packer.parts(of: classes[$0], in: room) }
    let ways: [([Double]) -> Double] = [
      { $0.max() ?? 0 }, { $0.reduce(0, +) },
      { $0[0] + 0.1 * $0[1] }, { $0[1] + 0.1 * $0[0] }, { $0[2] + 0.1 * ($0[0] + $0[1]) },
      { $0[0] + $0[2] }, { $0[1] + $0[2] },
    ]
    sizes = ways.map { way in parts.map { max(1e-6, way($0)) } }
  }

  private static func parts(of replica: ReplicaClass, in room: Room) -> [Double] {
    func part(_ need: Int64, _ total: Int64) -> Double { Double(need) / Double(max(1, total)) }
    return [
      part(replica.cpu, room.cpu), part(replica.memory, room.memory),
      part(replica.charge, Int64(room.devices.count) * 1000),
      part(replica.storage, room.storage), part(replica.network, room.network),
    ]
  }

  /// The most valuable filling found, with its value.
  func best(values: [Double], left: [Int], _ classes: [ReplicaClass]) -> (Pattern, value: Double)? {
    var best: Filling?
    for sizes in sizes {
      let order = items.indices.filter { values[items[$0]] > 0 && left[items[$0]] > 0 }
        .map { (density: values[items[$0]] / sizes[$0], item: items[$0]) }
        .sorted { ($1.density, $0.item) < ($0.density, $1.item) }
      var filling = Filling(room: room, counts: Array(repeating: 0, count: left.count), value: 0)
      for (_, item) in order {
        let count = filling.room.take(classes[item], atMost: left[item])
        filling.counts[item] = count
        filling.value += values[item] * Double(count)
      }
      if filling.value > best?.value ?? 0 { best = filling }
    }
    guard var best else { return nil }
    if best.value > price * Packer.promising { improve(&best, values, left, classes) }
    return (pattern(best), best.value)
  }

  /// Fillings worth less than this part of the price are not worth improving.
  private static let promising = 0.8
  /// Exchanges in one filling.
  private static let exchangesMax = 24

  private struct Filling {
    var room: Room
    /// By item.
    var counts: [Int]
    var value: Double
  }

  private func pattern(_ filling: Filling) -> Pattern {
    let counts = filling.counts.indices.filter { filling.counts[$0] > 0 }
    return Pattern(
      offer: offer, price: price,
      counts: counts.map { (item: $0, count: filling.counts[$0]) })
  }

  /// Adds one replica, or puts it in the place of a less valuable one, as long as that gains: greedy
  /// fillings are short of mixtures. Shares are left alone: they do not free whole devices.
  private func improve(
    _ filling: inout Filling, _ values: [Double], _ left: [Int], _ classes: [ReplicaClass]
  ) {
    let movable = items.filter { !classes[$0].isShare && values[$0] > 0 }
    var room = filling.room
    var devices = room.devices.count { $0 >= 1000 }
    for _ in 0..<Packer.exchangesMax {
      let present = movable.filter { filling.counts[$0] > 0 }
      var best: (gain: Double, from: Int?, to: Int)?
      for to in movable where filling.counts[to] < left[to] {
        let new = classes[to]
        func fits(beside old: ReplicaClass?) -> Bool {
          room.cpu + (old?.cpu ?? 0) >= new.cpu && room.memory + (old?.memory ?? 0) >= new.memory
            && room.storage + (old?.storage ?? 0) >= new.storage
            && room.network + (old?.network ?? 0) >= new.network
            && devices + (old?.devices ?? 0) >= new.devices
        }
        if values[to] > best?.gain ?? 1e-9 && fits(beside: nil) { best = (values[to], nil, to) }
        for from in present where values[to] - values[from] > best?.gain ?? 1e-9 {
          if fits(beside: classes[from]) { best = (values[to] - values[from], from, to) }
        }
      }
      guard let (gain, from, to) = best else { return }
      for (item, sign) in [(from, 1), (to, -1)] {
        guard let item else { continue }
        filling.counts[item] -= sign
        devices += sign * classes[item].devices
        room.add(classes[item], 0, sign: Int64(sign))
      }
      filling.value += gain
    }
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
      let (one, other) = (values[items[$0]] / sizes[0][$0], values[items[$1]] / sizes[0][$1])
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
