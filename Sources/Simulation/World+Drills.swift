public import Model
public import Planning

extension World {
  /// Does `drill` to the world, and says what came of it, a line for each thing.
  public mutating func run(_ drill: Drill) throws(DrillProblem) -> [String] {
    switch drill {
    case .loseNode(let name): return [lose(at: try index(named: name))]
    case .loseZone(let zone): return try lose(zone: zone)
    case .reclaim(let name): return [try reclaim(at: try index(named: name))]
    case .stockOut(let offer):
      faults.outOfStock.insertSorted(offer)
      return ["\(offer) is out of stock"]
    case .restock(let offer):
      faults.outOfStock.removeAll { offer == nil || $0 == offer }
      return ["\(offer ?? "everything") is in stock again"]
    case .crash(let workload): return crash(workload)
    case .occupy(let node, let name, let resources):
      return [try occupy(at: try index(named: node), name, resources)]
    case .partial(let cluster):
      faults.partial.insertSorted(cluster)
      return ["listings of \(cluster) break off"]
    case .cutOff(let cluster):
      faults.cutOff.insertSorted(cluster)
      return ["\(cluster) does not answer"]
    case .heal(let name): return try heal(name)
    case .time(let length):
      advance(to: now + length)
      return ["it is \(now)"]
    }
  }

  /// A node of this name, or of this `cluster/name`.
  private func index(named name: String) throws(DrillProblem) -> Int {
    let found = nodes.indices.filter { nodes[$0].id.name == name || "\(nodes[$0].id)" == name }
    guard let index = found.first else {
      let known = nodes.prefix(10).map { "\($0.id)" }.joined(separator: ", ")
      throw DrillProblem("there is no node '\(name)'; there are: \(known.isEmpty ? "none" : known)")
    }
    guard found.count == 1 else {
      let all = found.map { "\(nodes[$0].id)" }.joined(separator: ", ")
      throw DrillProblem("several nodes are called '\(name)': \(all)")
    }
    return index
  }

  /// What is booting now is ready so much later.
  public mutating func delayBoots(by length: Seconds) {
    for index in nodes.indices where nodes[index].observed.phase == .booting {
      nodes[index].due = nodes[index].due.map { $0 + length }
    }
  }

  /// All nodes that `loss` means, and that are not going already, answer no more.
  public mutating func lose(_ loss: Loss) {
    for index in nodes.indices where loss.hits(nodes[index].observed) { _ = lose(at: index) }
  }

  /// A node that is being deleted is deleted, whether it answers or not.
  private mutating func lose(at index: Int) -> String {
    guard nodes[index].observed.phase != .deleting else {
      return "\(nodes[index].id) is being deleted already"
    }
    nodes[index].observed.phase = .lost
    nodes[index].observed.reason = "not answering"
    nodes[index].due = nil
    nodes[index].noticeAt = nil
    nodes[index].occupants = []
    for replica in nodes[index].replicas.indices {
      nodes[index].replicas[replica].observed.phase = .lost
      nodes[index].replicas[replica].due = nil
    }
    refreshEmptiness(at: index)
    trackRuns()
    let lost = nodes[index].replicas.map { "\($0.id)" }.joined(separator: ", ")
    return "\(nodes[index].id) is lost" + (lost.isEmpty ? "" : ", and with it \(lost)")
  }

  private mutating func lose(zone: String) throws(DrillProblem) -> [String] {
    let indices = nodes.indices.filter {
      nodes[$0].observed.zone == zone && nodes[$0].observed.phase != .lost
    }
    guard !indices.isEmpty else { throw DrillProblem("no node runs in zone '\(zone)'") }
    return indices.map { lose(at: $0) }
  }

  private mutating func reclaim(at index: Int) throws(DrillProblem) -> String {
    let node = nodes[index].observed
    switch node.phase {
    case .lost, .deleting: throw DrillProblem("\(node.id) is \(node.phase.rawValue) already")
    case .booting, .ready, .draining:
      nodes[index].noticeAt = nil
      giveNotice(at: index)
      return "\(node.id) will be reclaimed at \(now + Self.noticeTime)"
    }
  }

  private mutating func crash(_ workload: WorkloadName) -> [String] {
    faults.crashing.insertSorted(workload)
    var lines: [String] = []
    for node in nodes.indices {
      for replica in nodes[node].replicas.indices
      where nodes[node].replicas[replica].id.workload == workload {
        switch nodes[node].replicas[replica].observed.phase {
        case .ready:
          crash(at: replica, on: node)
          lines.append("\(nodes[node].replicas[replica].id) crashed")
        case .starting, .crashLooping, .stopping, .finished, .lost: break
        }
      }
    }
    trackRuns(of: workload)
    return lines.isEmpty ? ["replicas of \(workload) will crash; none is ready now"] : lines
  }

  private mutating func occupy(
    at index: Int, _ name: String, _ resources: ReplicaResources
  ) throws(DrillProblem) -> String {
    let node = nodes[index]
    let devices = node.freeDevices(resources.accelerator?.devices ?? 0)
    do {
      try node.refuseWithoutRoom(resources, devices: devices)
    } catch {
      throw DrillProblem("\(name) does not fit on \(node.id)")
    }
    let occupant = Occupant(name: name, node: node.id, resources: resources, devices: devices)
    nodes[index].occupants.append(occupant)
    nodes[index].occupants.sort { $0.name < $1.name }
    refreshEmptiness(at: index)
    return "\(name) moved in on \(node.id)"
  }

  private mutating func heal(_ name: String) throws(DrillProblem) -> [String] {
    var lines: [String] = []
    for index in nodes.indices where nodes[index].observed.phase == .lost {
      guard nodes[index].id.name == name || "\(nodes[index].id)" == name else { continue }
      nodes[index].observed.phase = .ready
      nodes[index].observed.reason = nil
      nodes[index].replicas = []
      refreshEmptiness(at: index)
      lines.append("\(nodes[index].id) is back, empty")
    }
    for index in nodes.indices where nodes[index].occupants.contains(where: { $0.name == name }) {
      nodes[index].occupants.removeAll { $0.name == name }
      refreshEmptiness(at: index)
      lines.append("\(name) left \(nodes[index].id)")
    }
    let before = faults
    faults.crashing.removeAll { $0.text == name }
    faults.partial.removeAll { $0.text == name }
    faults.cutOff.removeAll { $0.text == name }
    if faults != before { lines.append("\(name) is well again") }
    guard !lines.isEmpty else { throw DrillProblem("nothing is wrong with '\(name)'") }
    return lines
  }

  /// Puts a node of somebody else's into the world: it may be used, never created or deleted.
  public mutating func add(foreign node: ObservedNode) {
    precondition(node.pool == nil, "a node with a pool is ours")
    if let index = index(of: node.id) { nodes.remove(at: index) }
    nodes.insert(Node(node), at: insertionIndex(of: node.id))
    refreshEmptiness(at: insertionIndex(of: node.id))
  }
}

extension Array where Element: Comparable {
  /// Each element once, in order.
  fileprivate mutating func insertSorted(_ element: Element) {
    guard !contains(element) else { return }
    insert(element, at: firstIndex { element < $0 } ?? endIndex)
  }
}
