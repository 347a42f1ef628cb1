import Model
import Testing

@testable import Catalog

@Suite struct OverheadTests {
  /// Google's own table of allocatable amounts, where it has one: 4 cores 3920, 8 cores 7910.
  @Test(arguments: [(1000, 940), (2000, 1930), (4000, 3920), (8000, 7910), (96000, 95690)])
  func cores(cpuMilli: Int64, allocatable: Int64) {
    #expect(Overhead.allocatable(cpuMilli: cpuMilli, memoryBytes: 0).cpuMilli == allocatable)
  }

  /// In MiB: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112,
  /// 2 % of the rest, and 100 MiB.
  @Test(arguments: [(0, 0), (4096, 2972), (16384, 13621), (131072, 121428), (262144, 249878)])
  func memory(mebibytes: Int64, allocatable: Int64) {
    let bytes = Overhead.allocatable(cpuMilli: 0, memoryBytes: mebibytes << 20).memoryBytes
    #expect(bytes >> 20 == allocatable)
  }

  @Test func noAmountTraps() {
    let most = Overhead.allocatable(cpuMilli: .max, memoryBytes: .max)
    #expect(most.cpuMilli > 0 && most.memoryBytes > 0)
    #expect(Overhead.allocatable(cpuMilli: -1, memoryBytes: .min) == .zero)
  }
}
