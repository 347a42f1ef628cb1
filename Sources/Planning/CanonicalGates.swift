import Model

// Gates and read sets, as ids take them in.

extension GateRule: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .deny(let predicate): bytes.addCase("deny", predicate)
    case .require(let requirement): bytes.addCase("require", requirement)
    }
  }
}

extension GatePredicate: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .preempts(let labels):
      bytes.add("preempts")
      bytes.add(labels.pairs)
    case .costIncreaseAbove(let limit): bytes.addCase("costIncreaseAbove", limit)
    case .costIncreaseAbovePercent(let percent): bytes.addCase("costIncreaseAbovePercent", percent)
    case .costAbove(let limit): bytes.addCase("costAbove", limit)
    case .pending: bytes.add("pending")
    case .deletes(let kind, let share):
      bytes.add("deletes")
      bytes.add(kind?.rawValue)
      bytes.add(share)
    case .replaces: bytes.add("replaces")
    case .movesMoreThan(let count): bytes.addCase("movesMoreThan", count)
    case .nodesOutside(let pools):
      bytes.add("nodesOutside")
      bytes.add(pools)
    case .touchesProtected: bytes.add("touchesProtected")
    }
  }
}

extension GateRequirement: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .schedulableGang(let model, let devices):
      bytes.addCase("schedulableGang", model.text, devices)
    case .settles: bytes.add("settles")
    case .survives(let level): bytes.addCase("survives", level.rawValue)
    }
  }
}

extension Share: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .count(let count): bytes.addCase("count", count)
    case .percent(let percent): bytes.addCase("percent", percent)
    }
  }
}

extension ReadSet.Fact: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    switch self {
    case .room(let room): bytes.addCase("room", room)
    case .absent(let node): bytes.addCase("absent", node)
    case .lost(let node): bytes.addCase("lost", node)
    case .idle(let node, let occupants):
      bytes.addCase("idle", node)
      bytes.add(occupants)
    case .runs(let replica, let nodes):
      bytes.addCase("runs", replica)
      bytes.add(nodes)
    case .price(let cluster, let type, let capacity, let price):
      bytes.addCase("price", cluster, type, capacity.rawValue, price)
    case .quota(let queue, let model, let milli):
      bytes.addCase("quota", queue)
      bytes.add(model?.text)
      bytes.add(milli)
    }
  }
}

extension ReadSet.Room: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(node)
    bytes.add(amounts)
    bytes.add(devices)
    bytes.add(labels.pairs)
    bytes.add(taints)
  }
}

extension ReadSet.Device: CanonicallyWritten {
  func write(to bytes: inout CanonicalBytes) {
    bytes.add(index)
    bytes.add(milli)
  }
}
