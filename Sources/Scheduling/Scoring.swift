/// How much a placement spoils: the lower, the better; among equals the first node is taken.
///
/// Devices without the cores that their future users need are lost. A node strands max(0, 12 cores ×
/// free devices − free cores) / 12 devices, and a placement costs the growth of that, in steps of 1/20
/// device, so that small differences don't scatter replicas. A share that leaves next to nothing of its
/// device is worth a whole one: the remains of devices that nobody fits are the other great loss.
/// Replicas without accelerators avoid nodes that have some.
struct Scoring {
  /// Cores that the users of one device are taken to need.
  static let coresPerDevice: Int64 = 12
  /// A step is 1/20 device: this many thousandths of a core that one strands.
  static let step: Int64 = coresPerDevice * 50
  /// Thousandths of a device that are next to nothing.
  static let remainderMax: Int32 = 60
  /// Steps that a device used up is worth.
  static let usedUp: Int64 = 20

  private let cpu: Int64
  private let memory: Int64
  private let charge: Int64
  private let share: Int32
  private let avoidance: Int64

  init(_ replica: ReplicaClass) {
    cpu = replica.cpu
    memory = replica.memory
    charge = replica.charge
    share = replica.isShare ? replica.milliPerDevice : 0
    avoidance = replica.devices == 0 ? 1 << 26 : 0
  }

  /// At least 0 and less than 2³¹.
  func score(_ fleet: borrowing Fleet, _ node: Int) -> Int64 {
    let free = fleet.cpu[node]
    if fleet.deviceCount[node] == 0 { return tightness(fleet, node, free) }
    let spare = Int64(fleet.spare[node])
    let growth = Scoring.stranded(spare - charge, free - cpu) - Scoring.stranded(spare, free)
    // Shifted so that the division rounds to the nearest step on both sides of zero.
    var steps = (growth + Scoring.step / 2 + Scoring.shift * Scoring.step) / Scoring.step
    if share > 0 && usesUpADevice(fleet, node) { steps -= Scoring.usedUp }
    return avoidance + steps
  }

  /// What the score comes from, for people.
  func terms(_ fleet: borrowing Fleet, _ node: Int) -> ScoreTerms {
    let free = fleet.cpu[node]
    let score = score(fleet, node)
    guard fleet.deviceCount[node] > 0 else {
      return ScoreTerms(
        score: score, freePerMille: Int(clamping: tightness(fleet, node, free) * 1000 / 4096))
    }
    let spare = Int64(fleet.spare[node])
    let growth = Scoring.stranded(spare - charge, free - cpu) - Scoring.stranded(spare, free)
    return ScoreTerms(
      score: score, strandedMilliDevices: growth / Scoring.coresPerDevice,
      usesUpDevice: share > 0 && usesUpADevice(fleet, node), sparesDevices: avoidance > 0)
  }

  private static let shift: Int64 = 1 << 24

  /// The devices that lack cores, in thousandths of cores that they lack.
  private static func stranded(_ spare: Int64, _ cpu: Int64) -> Int64 {
    max(0, coresPerDevice * spare - max(0, cpu))
  }

  private func usesUpADevice(_ fleet: borrowing Fleet, _ node: Int) -> Bool {
    fleet.tightestDevice(for: share, on: node) - share <= Scoring.remainderMax
  }

  /// What stays free of the scarcer of cores and memory, in 1/4096 of the node.
  private func tightness(_ fleet: borrowing Fleet, _ node: Int, _ free: Int64) -> Int64 {
    let cores = max(0, free - cpu) >> 4
    let coresTotal = max(1, fleet.cpuCapacity[node] >> 4)
    let bytes = max(0, fleet.memory[node] - memory) >> 20
    let bytesTotal = max(1, fleet.memoryCapacity[node] >> 20)
    return min(4096, min((cores << 12) / coresTotal, (bytes << 12) / bytesTotal))
  }
}
