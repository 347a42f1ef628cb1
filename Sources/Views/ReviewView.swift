/// A review for people at a terminal: the change's own effects, and in the last line all of it in
/// numbers.
public struct ReviewView: Sendable {
  let review: Review
  let style: Style

  public init(_ review: Review, style: Style = Style()) {
    self.review = review
    self.style = style
  }

  public var text: String {
    var parts = [[style.heading("Review of \(review.title)")]]
    parts += ReviewSections(review: review, style: style).all.map {
      [style.heading($0.title)] + $0.lines
    }
    parts.append(style.lastLine(PlanSummary(review.comparison).line))
    return parts.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }
}
