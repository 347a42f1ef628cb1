import Model

/// Which nodes are kept for whom, now and in the time to come.
struct Reserved: Hashable, Sendable {
  /// By the name of each of their nodes, those that hold now and those that are to come.
  private var holding: [String: [SlurmReservation]] = [:]
  private var coming: [String: [SlurmReservation]] = [:]
  private let partitions: [String: SlurmPartition]
  private let own: String?
  private let partition: String?
  private let at: Int64

  init(
    _ reservations: [SlurmReservation], _ partitions: [SlurmPartition], _ settings: SlurmSettings,
    at: Timestamp
  ) {
    self.partitions = Dictionary(partitions.map { ($0.name, $0) }) { first, _ in first }
    own = settings.reservation
    partition = settings.partition
    self.at = at.seconds
    for reservation in reservations where reservation.endTime > at.seconds {
      for node in HostList.expand(reservation.nodes) {
        if reservation.startTime <= at.seconds {
          holding[node, default: []].append(reservation)
        } else {
          coming[node, default: []].append(reservation)
        }
      }
    }
  }

  /// Which reservation keeps our jobs off a node; nil where none does. Jobs that run in a reservation
  /// run nowhere else.
  func obstacle(on node: SlurmNode) -> String? {
    let holders = (holding[node.name] ?? []).map(\.name)
    if let own { return holders.contains(own) ? nil : "not in reservation '\(own)'" }
    if let other = holders.first { return "in reservation '\(other)'" }
    return node.has("RESERVED") || node.has("MAINT") ? "reserved" : nil
  }

  /// The reservation to come for whose sake Slurm starts no job of ours on a node any more, since it
  /// could still run by then; nil where there is none.
  func approaching(_ node: SlurmNode) -> SlurmReservation? {
    guard own == nil, let coming = coming[node.name] else { return nil }
    let names = partition.map { [$0] } ?? node.partitions
    let limits = names.map { partitions[$0]?.jobSecondsMax }
    return coming.first { reservation in
      limits.contains { $0.map { reservation.startTime - at < $0 } ?? true }
    }
  }
}
