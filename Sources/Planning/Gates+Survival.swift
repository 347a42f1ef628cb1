import Model
import Scheduling

/// Whether whatever stands would find a home again if one zone, rack or node were lost.
struct Survival {
  /// Places that are tried, those first that carry most replicas.
  static let placesMax = 64

  /// `zone c/us-east-1a: 3 of Workload/chat`
  private(set) var findings: [String] = []

  /// Each place in turn is taken away, with what could be bought there, and everything is scheduled
  /// again: on what is left, and on nodes that pools may still buy elsewhere.
  init(_ loss: TopologyLevel, _ question: SchedulingInput, _ target: Target) {
    let prices = Dictionary(target.nodes.map { ($0.id, $0.pricePerHour) }) { first, _ in first }
    let homes = question.demands.flatMap { $0.running.map(\.node) }
    let loads = Dictionary(homes.map { ($0, 1) }, uniquingKeysWith: +)
    var places: [Place: Int] = [:]
    for node in question.nodes {
      guard let place = Place(loss, node), let load = loads[node.id] else { continue }
      places[place, default: 0] += load
    }
    let order = places.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let before = Self.missing(question)
    for place in order.prefix(Self.placesMax).sorted() {
      let left = question.without(place, loss, prices)
      for (workload, count) in Self.missing(left).sorted(by: { $0.key < $1.key }) {
        let more = count - (before[workload] ?? 0)
        if more > 0 { findings.append("without \(place), \(more) of Workload/\(workload) pending") }
      }
    }
  }

  private static func missing(_ question: SchedulingInput) -> [WorkloadName: Int] {
    let pending = Scheduler.schedule(question).pending
    return Dictionary(pending.map { ($0.workload, $0.ordinals.count) }, uniquingKeysWith: +)
  }
}

/// A zone, a fabric, block or rack of a zone, or a node, by name.
private struct Place: Hashable, Comparable, CustomStringConvertible {
  let description: String

  /// nil for a node that is in no area of the level.
  init?(_ level: TopologyLevel, _ node: FleetNode) {
    switch level {
    case .zone: description = "zone \(node.id.cluster)/\(node.zone)"
    case .fabric, .block, .rack:
      guard let area = node.labels[level.rawValue] else { return nil }
      description = "\(level.rawValue) \(node.id.cluster)/\(node.zone)/\(area)"
    case .node: description = "node \(node.id)"
    }
  }

  static func < (left: Place, right: Place) -> Bool { left.description < right.description }
}

extension SchedulingInput {
  /// What is lost counts against no limit any more.
  fileprivate func without(
    _ place: Place, _ level: TopologyLevel, _ prices: [NodeID: Money]
  ) -> SchedulingInput {
    var left = self
    let gone = nodes.filter { Place(level, $0) == place && $0.pool != nil }
    for index in pools.indices {
      let mine = gone.filter { $0.pool == pools[index].pool }
      let cost = mine.reduce(Money.zero) { $0 + (prices[$1.id] ?? .zero) }
      left.pools[index].nodesMax = pools[index].nodesMax.addingSaturated(mine.count)
      left.pools[index].costPerHour = pools[index].costPerHour.map { $0 + cost }
    }
    for index in clusters.indices {
      let mine = gone.filter { $0.id.cluster == clusters[index].cluster }
      let devices = mine.reduce(0) { $0.addingSaturated($1.capacity.accelerators?.count ?? 0) }
      let cost = mine.reduce(Money.zero) { $0 + (prices[$1.id] ?? .zero) }
      left.clusters[index].nodes = clusters[index].nodes.map { $0.addingSaturated(mine.count) }
      left.clusters[index].accelerators = clusters[index].accelerators.map {
        $0.addingSaturated(devices)
      }
      left.clusters[index].costPerHour = clusters[index].costPerHour.map { $0 + cost }
    }
    let lost = Set(nodes.filter { Place(level, $0) == place }.map(\.id))
    left.nodes.removeAll { lost.contains($0.id) }
    for index in left.demands.indices {
      left.demands[index].running.removeAll { lost.contains($0.node) }
    }
    if level == .zone {
      left.offers.removeAll { "zone \($0.cluster)/\($0.zone)" == place.description }
    }
    return left
  }
}
