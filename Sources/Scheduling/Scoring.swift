/// How much a placement spoils: the lower, the better.
///
/// The first concern is stranding: devices without the cores that their future users need are lost.
/// A node strands max(0, 12 cores × free devices − free cores) / 12 devices, and a placement costs the
/// growth of that, rounded to 1/20 device so that small differences leave room for the second concern:
/// tightness. Replicas without accelerators avoid nodes that have some.
struct Scoring {
  /// Cores, in thousandths, that the users of one device are taken to need.
  static let coresPerDevice: Int64 = 12
  /// Thousandths of a device that count as one step.
  static let strandingStep: Int64 = 50

  let cpu: Int64
  let memory: Int64
  let spare: Int64
  let avoidsDevices: Bool

  init(_ replica: ReplicaClass) {
    cpu = replica.cpu
    memory = replica.memory
    spare = replica.charge
    avoidsDevices = replica.devices == 0
  }

  func score(_ fleet: borrowing Fleet, _ node: Int) -> Int64 {
    let free = fleet.cpu[node]
    let devices = Int64(fleet.deviceCount[node])
    if devices == 0 { return tightness(fleet, node, free) }
    let spareBefore = Int64(fleet.spare[node])
    let before = Scoring.stranded(spareBefore, free)
    let after = Scoring.stranded(spareBefore - spare, free - cpu)
    let steps = Scoring.steps(after - before)
    let avoid: Int64 = avoidsDevices ? 1 << 60 : 0
    let left = avoidsDevices ? tightness(fleet, node, free) : spareBefore - spare
    return avoid + (steps + Scoring.stepsMax) << 24 + left
  }

  /// Above any number of steps that a score can have, so that scores are not below zero.
  private static let stepsMax: Int64 = 1 << 24

  private static func stranded(_ spare: Int64, _ cpu: Int64) -> Int64 {
    max(0, spare - max(0, cpu) / coresPerDevice)
  }

  private static func steps(_ growth: Int64) -> Int64 {
    (growth + (stepsMax / 2) * strandingStep) / strandingStep - stepsMax / 2
  }

  /// What stays free of the scarcer of cores and memory, in 1/4096 of the node.
  private func tightness(_ fleet: borrowing Fleet, _ node: Int, _ free: Int64) -> Int64 {
    let cores = max(0, free - cpu) >> 4
    let coresTotal = max(1, fleet.cpuCapacity[node] >> 4)
    let bytes = max(0, fleet.memory[node] - memory) >> 20
    let bytesTotal = max(1, fleet.memoryCapacity[node] >> 20)
    return min(4096, min(cores << 12 / coresTotal, bytes << 12 / bytesTotal))
  }
}
