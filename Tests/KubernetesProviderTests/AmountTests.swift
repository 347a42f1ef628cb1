import Testing

@testable import KubernetesProvider

@Suite struct AmountTests {
  @Test(
    arguments: [
      ("191", 191_000), ("1500m", 1500), ("0.5", 500), ("1e3", 1_000_000), ("2E", .max),
      ("1n", 1), ("0", 0), ("-1", -1000), ("12k", 12_000_000), ("100u", 1),
    ])
  func coresAreThousandths(_ text: String, _ milli: Int64) {
    #expect(Amount.milli(text) == milli)
  }

  @Test(
    arguments: [
      ("64Gi", 64 << 30), ("134217728", 134_217_728), ("1500m", 2), ("2000000Mi", 2_000_000 << 20),
      ("1.5Gi", 3 << 29), ("900G", 900_000_000_000), ("1e3", 1000),
      ("7E", 7_000_000_000_000_000_000),
      ("123e-1", 13),
    ])
  func bytesAreRoundedUp(_ text: String, _ bytes: Int64) {
    #expect(Amount.whole(text) == bytes)
  }

  @Test(arguments: ["", "G", "1x", "1GiB", "--1", "1e99", "1 ", "1.2.3", "Ki"])
  func nothingElseIsAnAmount(_ text: String) {
    #expect(Amount.whole(text) == nil)
  }
}
