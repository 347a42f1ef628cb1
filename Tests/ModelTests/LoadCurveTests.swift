import Model
import Testing

@Suite struct LoadCurveTests {
  private let web = WorkloadName("web")

  private func curve(_ points: [(Int64, Int)], repeatAfter: Int64? = nil) -> LoadCurve {
    LoadCurve(
      workloads: [
        WorkloadLoad(
          workload: web,
          points: points.map { LoadPoint(at: .hours($0.0), load: .range(CountRange($0.1))) })
      ], repeatAfter: repeatAfter.map(Seconds.hours))
  }

  private func count(_ curve: LoadCurve, at hours: Int64) -> Int? {
    guard case .range(let range)? = curve.load(of: web, at: .hours(hours)) else { return nil }
    return range.min
  }

  @Test func aPointHoldsUntilTheNextOne() {
    let curve = curve([(1, 4), (3, 8)])
    #expect([0, 1, 2, 3, 99].map { count(curve, at: $0) } == [nil, 4, 4, 8, 8])
    #expect(curve.next(after: .zero) == .hours(1))
    #expect(curve.next(after: .hours(1)) == .hours(3))
    #expect(curve.next(after: .hours(3)) == nil)
    #expect(curve.load(of: WorkloadName("other"), at: .hours(2)) == nil)
  }

  @Test func itBeginsAnewWhereItRepeats() {
    let curve = curve([(1, 4), (3, 8)], repeatAfter: 10)
    #expect([9, 10, 11, 13, 23].map { count(curve, at: $0) } == [8, 8, 4, 8, 8])
    #expect(curve.next(after: .hours(3)) == .hours(11))
    #expect(curve.next(after: .hours(12)) == .hours(13))
    #expect(curve.next(after: .hours(10)) == .hours(11))
  }

  @Test func withoutPointsNothingComes() {
    #expect(LoadCurve().next(after: .zero) == nil)
    #expect(LoadCurve(repeatAfter: .hours(1)).next(after: .zero) == nil)
  }
}
