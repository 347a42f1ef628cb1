import Model
import Planning
import Testing

@testable import Views

/// What is drawn over time says what was there.
@Suite struct CurveTests {
  private func curve(_ values: [(at: Int64, nodes: Int)], length: Int64) -> Curve {
    let start = Timestamp(seconds: 1000)
    let samples = values.map { value in
      ForecastSample(
        at: start + Seconds(value.at), nodes: value.nodes, replicasWanted: 0, replicasReady: 0,
        devices: 0, devicesHeld: 0, costPerHour: .zero)
    }
    let forecast = Forecast(
      startedAt: start, endedAt: start + Seconds(length), samples: samples)
    return Curve(forecast) { Int64($0.nodes) }
  }

  @Test func aStretchIsWorthItsMean() {
    let curve = curve([(0, 4), (30, 8), (60, 0)], length: 100)
    #expect(curve.means(1) == [3600])
    #expect(curve.means(2) == [5600, 1600])
    // Three stretches of 33 ⅓ seconds.
    #expect(curve.means(3) == [4400, 6400, 0])
    #expect(curve.least == 0 && curve.most == 8)
  }

  @Test(arguments: 1..<40) func theMeansSumUpToTheWhole(count: Int) {
    let curve = curve([(0, 3), (7, 11), (8, 2), (55, 900), (99, 1)], length: 101)
    let whole: Int64 = 21 + 11 + 94 + 39_600 + 2
    let sum = curve.means(count).reduce(0, +)
    // Each mean is cut off at a thousandth.
    let lost = whole * 1000 * Int64(count) - sum * 101
    #expect(lost >= 0 && lost <= Int64(count) * 101)
  }

  @Test func aSparklineHasEightHeights() {
    let steps = (0..<8).map { (at: Int64($0) * 10, nodes: $0 + 1) }
    #expect(curve(steps, length: 80).sparkline(columns: 8, most: 8) == "▁▂▃▄▅▆▇█")
    #expect(curve([(0, 0)], length: 80).sparkline(columns: 4, most: 0) == "▁▁▁▁")
    #expect(curve([(0, 5)], length: 80).sparkline(columns: 4, most: 5) == "████")
  }

  @Test func withoutASampleThereIsNothing() {
    let curve = curve([], length: 0)
    #expect(curve.means(3) == [0, 0, 0])
    #expect(curve.sparkline(columns: 3, most: 1) == "▁▁▁")
  }

  @Test func amountsOverATimeAreInCents() {
    #expect(Amounts.cents(Money(micros: 4_180_254_999)) == "$4,180.25")
    #expect(Amounts.cents(Money(micros: 4_180_255_000)) == "$4,180.26")
    #expect(Amounts.cents(Money(micros: 49_999)) == "$0.05")
    #expect(Amounts.signedCents(Money(micros: -1_500_000)) == "−$1.50")
    #expect(Amounts.signedCents(.zero) == "+$0.00")
  }
}
