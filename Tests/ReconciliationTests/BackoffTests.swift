import Model
import Testing

@testable import Reconciliation

@Suite struct BackoffTests {
  func pause(_ failures: Int, _ key: String = "k") -> Int64 {
    Backoff.pause(after: failures, of: key, min: Seconds(1), max: Seconds(300)).count
  }

  @Test(arguments: 1...70) func isBetweenHalfAndTheWholeAndBounded(failures: Int) {
    let whole = failures > 9 ? 300 : min(300, Int64(1) << (failures - 1))
    #expect((max(1, whole / 2)...whole).contains(pause(failures)))
  }

  @Test func isTheSameForTheSameAndDiffersFromKeyToKey() {
    #expect(pause(9, "a") == pause(9, "a"))
    #expect(Set((0..<50).map { pause(9, "key \($0)") }).count > 20)
  }
}
