/// Places every replica: keeps what stands, fills free room, buys nodes for the rest, and only where
/// nothing can be bought makes room where a higher claim allows.
///
/// The way of the data: `Problem` interns the input; `Standing` holds who stands where; `Claims` says
/// whose turn it is; `Standing.settle` serves them in rounds by filling (`Filling`, `Lineup`, `Boards`,
/// `Topology`), buying (`Purchasing`, `Baskets`, `RightSizing`) and taking room (`Preemption`,
/// `Victims`); then lets those together who would rather be (`Gathering`), lets services stand apart
/// (`Dispersal`), and keeps headroom free (`KeepingFree`). `Neighbours` knows who minds whom; `Results`,
/// `Pending` and `RemedySearch` put the outcome into words.
public enum Scheduler {
  /// The same input, in whatever order, gives the same result; scheduling the result again changes
  /// nothing.
  ///
  /// Remedies are looked for where they are asked for.
  public static func schedule(
    _ input: SchedulingInput, remedies: Bool = true
  ) -> SchedulingResult {
    let (standing, claims) = settle(input)
    var result = standing.result(claims)
    if remedies && !result.pending.isEmpty {
      var search = RemedySearch(input)
      for index in result.pending.indices {
        result.pending[index].remedy = search.remedy(for: result.pending[index])
      }
    }
    return result
  }

  static func settle(
    _ input: SchedulingInput, _ boards: Boards = Boards()
  ) -> (standing: Standing, claims: Claims) {
    let problem = Problem(input)
    let claims = Claims(problem)
    var standing = Standing(problem, boards)
    guard problem.wants.contains(where: { $0.packPreferred != nil }) else {
      standing.settle(claims)
      return (standing, claims)
    }
    var preferring = standing
    preferring.prefers = true
    preferring.settle(claims)
    standing.settle(claims)
    return (preferring.isNoWorse(than: standing, claims) ? preferring : standing, claims)
  }
}
