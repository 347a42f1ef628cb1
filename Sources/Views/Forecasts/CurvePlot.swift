import Model
import Planning

/// Curves over one time as a drawing of its own in a page: no script, and colours from the page's style.
///
/// What is drawn as a line is named beside it and told apart by its dashes, not by its colour alone.
struct CurvePlot {
  struct Line {
    var title: String
    var curve: Curve
    /// A class of the page's style.
    var kind: String
  }

  let title: String
  /// The first one is filled.
  let lines: [Line]
  let text: (Int64) -> String

  private static let (width, height): (Int64, Int64) = (640, 120)
  /// Steps that can be told apart at that width; beyond, stretches are drawn by their means.
  private static let pointsMax = 640

  var html: HTML {
    let most = max(1, lines.map(\.curve.most).max() ?? 1)
    let length = lines.map(\.curve.length).max() ?? 1
    let drawn = lines.enumerated().map { index, line -> HTML in
      let points = Self.points(line.curve, most: most, length: length)
      let path = Self.path(points)
      let area: HTML =
        index == 0
        ? "<path class=\"area\" d=\"\(path) V\(Int(Self.height)) H0 Z\"/>\n" : .nothing
      return "\(area)<path class=\"curve \(line.kind)\" d=\"\(path)\"/>\n"
    }
    let legend = lines.map { line -> HTML in
      "<span class=\"key \(line.kind)\">\(line.title)</span> "
    }
    return """
      <figure><figcaption>\(title) \(HTML(joining: legend))</figcaption>
      <svg viewBox="-1 -4 \(Int(Self.width) + 2) \(Int(Self.height) + 8)" role="img" \
      aria-label="\(label)">
      <path class="grid" d="M0 0 H\(Int(Self.width)) M0 \(Int(Self.height / 2)) \
      H\(Int(Self.width)) M0 \(Int(Self.height)) H\(Int(Self.width))"/>
      \(HTML(joining: drawn.reversed()))</svg>
      <p class="axis"><span>0h</span><span>\(text(0)) to \(text(most))</span>\
      <span>\(Amounts.span(Seconds(length)))</span></p></figure>

      """
  }

  private var label: String {
    lines.map { line in
      "\(line.title): \(text(line.curve.least)) to \(text(line.curve.most))"
    }.joined(separator: "; ")
  }

  /// In thousandths of the drawing's own measure.
  private struct Point {
    var x: Int64
    var y: Int64
  }

  private static func points(_ curve: Curve, most: Int64, length: Int64) -> [Point] {
    func y(_ milli: Int64) -> Int64 {
      height * 1000 - Int64(clamping: Int128(milli) * Int128(height) / Int128(most))
    }
    func x(_ at: Int64) -> Int64 {
      Int64(Int128(min(at, length)) * Int128(width * 1000) / Int128(length))
    }
    var points = curve.points.map {
      Point(x: x($0.at), y: y($0.value.multipliedSaturated(by: 1000)))
    }
    if points.count > pointsMax {
      let means = curve.means(pointsMax)
      points = means.enumerated().map { index, mean in
        Point(x: x(curve.length * Int64(index) / Int64(pointsMax)), y: y(mean))
      }
    }
    return points + [Point(x: x(curve.length), y: points.last?.y ?? 0)]
  }

  private static func path(_ points: [Point]) -> String {
    points.enumerated().map { index, point in
      index == 0
        ? "M\(decimal(point.x)) \(decimal(point.y))"
        : "H\(decimal(point.x)) V\(decimal(point.y))"
    }.joined(separator: " ")
  }

  private static func decimal(_ milli: Int64) -> String {
    let tenths = (milli + 50) / 100
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
