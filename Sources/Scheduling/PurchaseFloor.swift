import Model

/// The least that has to be paid per hour for new nodes where a set of nodes is emptied.
///
/// What stands on them needs so many devices, cores and bytes, and the nodes that stay have so many
/// free, wherever; what is missing costs no less than the lowest price of a unit among all offers.
/// Nothing that could be bought comes to less, so a set that is not worth even this need not be tried.
struct PurchaseFloor {
  private struct Amounts {
    /// Thousandths of devices, thousandths of cores, bytes.
    var counts: [Int64] = [0, 0, 0]

    mutating func add(_ other: Amounts) {
      for index in counts.indices {
        counts[index] = counts[index].addingSaturated(other.counts[index])
      }
    }
  }

  /// What the open nodes have free, all together.
  private var free = Amounts()
  /// For each candidate what stands there, and what it has free itself.
  private var needed: [Amounts] = []
  /// The offer that has most of each amount for its price, as both; nil where none has any.
  private var cheapest: [(price: Int64, amount: Int64)?] = [nil, nil, nil]

  init(_ candidates: [Emptying.Candidate], _ standing: borrowing Standing) {
    for node in 0..<standing.fleet.count where standing.fleet.kind[node] != 0 {
      free.add(PurchaseFloor.free(on: node, standing))
    }
    for candidate in candidates {
      var amounts = PurchaseFloor.free(on: candidate.node, standing)
      standing.forEachReplica(on: candidate.node) { replica in
        let replica = standing.replicaClass(of: Int(standing.wantOf[replica]))
        amounts.add(Amounts(counts: [replica.charge, replica.cpu, replica.memory]))
      }
      needed.append(amounts)
    }
    for offer in standing.problem.offers {
      let amounts = offer.offer.capacity.amounts
      let counts = [Int64(offer.devices) * 1000, amounts.cpuMilli, amounts.memoryBytes]
      for (index, count) in counts.enumerated() where count > 0 {
        if let known = cheapest[index],
          Int128(known.price) * Int128(count) <= Int128(offer.price) * Int128(known.amount)
        {
          continue
        }
        cheapest[index] = (offer.price, count)
      }
    }
  }

  private static func free(on node: Int, _ standing: borrowing Standing) -> Amounts {
    let fleet = standing.fleet
    return Amounts(
      counts: [Int64(fleet.spare[node]), max(0, fleet.cpu[node]), max(0, fleet.memory[node])])
  }

  /// In millionths of a dollar; `Int64.max` where nothing that is sold would do.
  func pricePerHour(emptying set: [Int]) -> Int64 {
    var floor: Int64 = 0
    for index in cheapest.indices {
      let missing = set.reduce(0 - free.counts[index]) {
        $0.addingSaturated(needed[$1].counts[index])
      }
      guard missing > 0 else { continue }
      guard let best = cheapest[index] else { return .max }
      let price = Int128(best.price) * Int128(missing) / Int128(best.amount)
      floor = max(floor, Int64(clamping: price))
    }
    return floor
  }
}
