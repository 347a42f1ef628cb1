/// Nodes in an order in which every cluster, zone and rack is one stretch for each model of
/// accelerator: what is asked of an area, or of a model that a queue still admits, is asked of a few
/// ranges.
struct Layout {
  struct Stretch {
    /// Index of the accelerator model; -1 for none.
    let model: Int32
    let positions: Range<Int>
  }

  private struct Bucket: Hashable, Comparable {
    let model: Int32
    let cluster: Int
    let zone: Int
    let fabric: Int
    let block: Int
    let rack: Int

    static func < (left: Bucket, right: Bucket) -> Bool {
      (left.model, left.cluster, left.zone, left.fabric, left.block, left.rack)
        < (right.model, right.cluster, right.zone, right.fabric, right.block, right.rack)
    }
  }

  /// The position of every node.
  private(set) var positions: [Int32]
  private var models: [Stretch] = []
  private var clusters: [[Stretch]]
  private var zones: [[Stretch]]
  private var fabrics: [[Stretch]]
  private var blocks: [[Stretch]]
  private var racks: [[Stretch]]

  var count: Int { positions.count }

  var all: Stretch { Stretch(model: -1, positions: 0..<count) }

  /// nil for nodes that came later.
  func position(of node: Int) -> Int? { node < count ? Int(positions[node]) : nil }

  /// Of the first `count` nodes.
  init(_ fleet: borrowing Fleet, count: Int, _ places: Places) {
    var buckets = Interner<Bucket>()
    var bucketOf: [Int] = []
    bucketOf.reserveCapacity(count)
    var sizes: [Int] = []
    for node in 0..<count {
      let spot = fleet.spots[node]
      let bucket = buckets.id(
        of: Bucket(
          model: fleet.model[node], cluster: spot.cluster, zone: spot.zone, fabric: spot.fabric,
          block: spot.block, rack: spot.rack))
      if bucket == sizes.count { sizes.append(0) }
      sizes[bucket] += 1
      bucketOf.append(bucket)
    }
    positions = Array(repeating: 0, count: count)
    clusters = Array(repeating: [], count: places.clusterCount)
    zones = Array(repeating: [], count: places.zones.words.count)
    fabrics = Array(repeating: [], count: places.fabrics.words.count)
    blocks = Array(repeating: [], count: places.blocks.words.count)
    racks = Array(repeating: [], count: places.racks.words.count)
    var starts = sizes
    var end = 0
    for id in buckets.words.indices.sorted(by: { buckets.words[$0] < buckets.words[$1] }) {
      starts[id] = end
      add(buckets.words[id], end..<(end + sizes[id]))
      end += sizes[id]
    }
    for node in 0..<count {
      let position = starts[bucketOf[node]]
      starts[bucketOf[node]] += 1
      positions[node] = Int32(position)
    }
  }

  private mutating func add(_ bucket: Bucket, _ positions: Range<Int>) {
    let stretch = Stretch(model: bucket.model, positions: positions)
    Layout.extend(&models, stretch)
    Layout.extend(&clusters[bucket.cluster], stretch)
    Layout.extend(&zones[bucket.zone], stretch)
    if bucket.fabric >= 0 { Layout.extend(&fabrics[bucket.fabric], stretch) }
    if bucket.block >= 0 { Layout.extend(&blocks[bucket.block], stretch) }
    if bucket.rack >= 0 { Layout.extend(&racks[bucket.rack], stretch) }
  }

  private static func extend(_ stretches: inout [Stretch], _ stretch: Stretch) {
    if let last = stretches.last, last.model == stretch.model,
      last.positions.upperBound == stretch.positions.lowerBound
    {
      stretches.removeLast()
      let positions = last.positions.lowerBound..<stretch.positions.upperBound
      stretches.append(Stretch(model: stretch.model, positions: positions))
    } else {
      stretches.append(stretch)
    }
  }

  /// The area's nodes, or all; one stretch for each model.
  func stretches(of area: Area?) -> [Stretch] {
    guard let area else { return models }
    switch area.level {
    case .cluster: return clusters[area.id]
    case .zone: return zones[area.id]
    case .fabric: return fabrics[area.id]
    case .block: return blocks[area.id]
    case .rack: return racks[area.id]
    case .node:
      let position = Int(positions[area.id])
      return models.filter { $0.positions.contains(position) }
        .map { Stretch(model: $0.model, positions: position..<(position + 1)) }
    }
  }

  /// What two areas have in common.
  func stretches(of area: Area, within other: Area?) -> [Stretch] {
    guard let other else { return stretches(of: area) }
    let others = stretches(of: other)
    return stretches(of: area).flatMap { stretch in
      others.compactMap { other in
        let common = stretch.positions.clamped(to: other.positions)
        return common.isEmpty ? nil : Stretch(model: stretch.model, positions: common)
      }
    }
  }
}
