import Model
import Planning

/// One number over the time of a forecast, each value holding until the next one.
struct Curve {
  struct Point: Hashable {
    /// Seconds since the start.
    var at: Int64
    var value: Int64
  }

  /// By time; at least one.
  let points: [Point]
  let length: Int64

  init(_ forecast: Forecast, _ value: (ForecastSample) -> Int64) {
    let points = forecast.samples.map {
      Point(at: ($0.at - forecast.startedAt).count, value: value($0))
    }
    self.points = points.isEmpty ? [Point(at: 0, value: 0)] : points
    length = max(1, forecast.length.count)
  }

  var least: Int64 { points.map(\.value).min() ?? 0 }
  var most: Int64 { points.map(\.value).max() ?? 0 }

  /// The mean over each of so many equal stretches of the time, in thousandths.
  func means(_ count: Int) -> [Int64] {
    var sums = [Int128](repeating: 0, count: max(1, count))
    let width = Int64(sums.count)
    // Times are taken `width` times as long, so that stretches begin at whole numbers.
    for (index, point) in points.enumerated() {
      let end = index + 1 < points.count ? points[index + 1].at : max(length, point.at)
      var from = min(point.at, length) * width
      let to = min(end, length) * width
      while from < to {
        let stretch = Int(from / length)
        let until = min(to, Int64(stretch + 1) * length)
        sums[min(stretch, sums.count - 1)] += Int128(point.value) * Int128(until - from)
        from = until
      }
    }
    return sums.map { Int64(clamping: $0 * 1000 / Int128(length)) }
  }

  /// Eight heights from zero to `most`, one character for each of `columns` stretches.
  func sparkline(columns: Int, most: Int64) -> String {
    let bars = Array("▁▂▃▄▅▆▇█")
    return String(
      means(columns).map { mean in
        guard most > 0 else { return bars[0] }
        let height =
          (Int128(mean) * Int128(bars.count) + Int128(most) * 500) / (Int128(most) * 1000)
        return bars[min(max(Int(height) - 1, 0), bars.count - 1)]
      })
  }
}
