/// What is told of an apply where nothing can be drawn over: a line for each step or, where there are
/// very many, one for each hundredth part of the way and whenever it is something else that goes on.
public struct ProgressLines: Hashable, Sendable {
  /// Up to so many steps, each gets a line of its own.
  public static let stepsMax = 200

  private var running: Set<String> = []
  private var last = ""
  private var lastPart = -1
  private var lastSort = ""

  public init() {}

  /// The lines that are new. `running` are the steps that are under way, in words; `sort` is what
  /// `view.current` is one of many of.
  public mutating func take(_ view: ProgressView, running: [String], sort: String) -> [String] {
    let count = "\(view.done) of \(view.total): \(view.current)"
    guard view.total <= Self.stepsMax else {
      let part = view.done * 100 / view.total
      guard part != lastPart || sort != lastSort else { return [] }
      (lastPart, lastSort) = (part, sort)
      return [count]
    }
    let begun = running.filter { self.running.insert($0).inserted }
    guard running.isEmpty, view.current != last else { return begun }
    last = view.current
    return begun + [count]
  }
}
