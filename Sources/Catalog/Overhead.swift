import Model

/// What a node keeps for itself, where its maker does not publish what is left.
///
/// The rule is the one that Google documents for its Kubernetes nodes ("Plan node sizes"): a
/// regressive share of cores and of memory, and the 100 MiB below which a node starts to evict.
enum Overhead {
  static func allocatable(cpuMilli: Int64, memoryBytes: Int64) -> Resources {
    let (cpuMilli, memoryBytes) = (max(0, cpuMilli), max(0, memoryBytes))
    let gibibyte: Int64 = 1 << 30
    let cpu = share(of: cpuMilli, [(1000, 600), (1000, 100), (2000, 50), (.max, 25)])
    let memory = share(
      of: memoryBytes,
      [
        (4 * gibibyte, 2500), (4 * gibibyte, 2000), (8 * gibibyte, 1000), (112 * gibibyte, 600),
        (.max, 200),
      ])
    return Resources(
      cpuMilli: cpuMilli - cpu, memoryBytes: max(0, memoryBytes - memory - (100 << 20)))
  }

  /// The sum of a share, in ten-thousandths, of each slice of `total`.
  private static func share(
    of total: Int64, _ slices: [(size: Int64, tenThousandths: Int64)]
  ) -> Int64 {
    var left = total
    var sum: Int64 = 0
    for slice in slices {
      let amount = min(left, slice.size)
      // Divided first where the product would not fit: an exabyte needs no rounding.
      sum +=
        amount < 1 << 50
        ? amount * slice.tenThousandths / 10_000 : amount / 10_000 * slice.tenThousandths
      left -= amount
    }
    return sum
  }
}
