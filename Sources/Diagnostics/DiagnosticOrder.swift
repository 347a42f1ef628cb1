/// The one order in which diagnostics are shown: the command line's first, then whole files and
/// directories by path, then places by source and offset.
extension Diagnostic {
  /// The diagnostics in order, each once: two with the same code, place and message are one.
  public static func ordered(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    var list: [Diagnostic] = []
    for next in diagnostics.sorted(by: { order($0, $1) < 0 }) {
      if let last = list.last, order(last, next) == 0 { continue }
      list.append(next)
    }
    return list
  }

  /// Below 0 if `left` comes first, 0 if the two say the same.
  private static func order(_ left: Diagnostic, _ right: Diagnostic) -> Int {
    var order = compare(left.place, right.place)
    if order == 0 { order = compare(left.code.description, right.code.description) }
    if order == 0 { order = compare(left.message, right.message) }
    return order
  }

  private static func compare(_ left: Place, _ right: Place) -> Int {
    switch (left, right) {
    case (.invocation, .invocation): 0
    case (.invocation, _): -1
    case (_, .invocation): 1
    case (.path(let left), .path(let right)): compare(left, right)
    case (.path, .span): -1
    case (.span, .path): 1
    case (.span(let left), .span(let right)):
      compare(
        [left.source.index, left.range.lowerBound, left.range.upperBound],
        [right.source.index, right.range.lowerBound, right.range.upperBound])
    }
  }

  /// By bytes: strings that Unicode calls equal are still two.
  private static func compare(_ left: String, _ right: String) -> Int {
    compare(Array(left.utf8), Array(right.utf8))
  }

  private static func compare<Part: Comparable>(_ left: [Part], _ right: [Part]) -> Int {
    if left.lexicographicallyPrecedes(right) { return -1 }
    return left == right ? 0 : 1
  }
}
