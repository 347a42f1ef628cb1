public import Manifests
public import Model

/// Finds out which of the rules' proposals are for the better, by planning with them.
///
/// It goes from one to the next and takes what costs least, leaves nobody without a place who has one,
/// and stops nobody more for others; each on top of those before it. So what was taken is planned
/// together all the time, and what single changes save adds up to the whole.
public struct Advisor {
  /// What is wanted after these edits of the files; the whole list every time.
  private let read: ([FieldEdit]) throws(Unplannable) -> DesiredState
  /// What that comes to.
  private let settle: (DesiredState) -> Settlement

  /// How often it is found out what something comes to; after that, proposals are only counted.
  public static let forecastsMax = 200
  /// Requests of so many workloads are looked at one by one, and of more in groups.
  public static let singlyMax = 24

  public init(
    read: @escaping ([FieldEdit]) throws(Unplannable) -> DesiredState,
    settle: @escaping (DesiredState) -> Settlement
  ) {
    self.read = read
    self.settle = settle
  }

  private static var rules: [any AdviceRule.Type] {
    [OverAsked.self, CheaperTypes.self, SpotPools.self, UnusedQuotas.self]
  }

  /// Each rule sees what those before it have made of the manifests.
  public func advise(on situation: Situation) -> Advice {
    var search = Search(situation, read, settle)
    for rule in Self.rules { search.follow(rule) }
    return search.advice
  }
}

/// The search as far as it has got.
private struct Search {
  /// With what was taken so far.
  private(set) var situation: Situation
  private let read: ([FieldEdit]) throws(Unplannable) -> DesiredState
  private let settle: (DesiredState) -> Settlement
  private(set) var advice: Advice
  private var forecastsLeft = Advisor.forecastsMax

  init(
    _ situation: Situation,
    _ read: @escaping ([FieldEdit]) throws(Unplannable) -> DesiredState,
    _ settle: @escaping (DesiredState) -> Settlement
  ) {
    self.situation = situation
    self.read = read
    self.settle = settle
    advice = Advice(situation.base)
  }

  private enum Verdict {
    case better(DesiredState, Settlement, Advice.Taken)
    case neutral
    case worse(Advice.Reason)
  }

  mutating func follow(_ rule: any AdviceRule.Type) {
    // What asks for less fits on smaller types, also where it saves nothing on those that there are.
    let seen = rule == CheaperTypes.self ? situationWithIdle : situation
    let all = rule.proposals(in: seen)
    let isMany = all.count > Advisor.singlyMax && all.allSatisfy { $0.allSatisfy(\.frees) }
    if isMany {
      consider(group: all[...])
    } else {
      for one in all { consider(group: [one]) }
      if rule == OverAsked.self { considerTogether() }
    }
  }

  /// Many requests are looked at together, and in halves where that harms somebody.
  private mutating func consider(group: ArraySlice<[Proposal]>) {
    guard forecastsLeft > 0 else {
      advice.passedOver += group.count
      return
    }
    if let alternatives = group.first, group.count == 1 {
      return consider(alternatives.map { [$0] } + alternatives.compactMap(withIdleResidents))
    }
    let proposals = group.compactMap(\.first)
    switch judge(proposals) {
    case .better(let desired, let next, let taken): take(desired, next, taken)
    case .neutral: advice.idle += proposals
    case .worse:
      let middle = group.startIndex + group.count / 2
      consider(group: group[..<middle])
      consider(group: group[middle...])
    }
  }

  private var situationWithIdle: Situation {
    var other = situation
    do throws(Unplannable) {
      other.desired = try read(advice.edits + advice.idle.flatMap(\.edits))
    } catch {
      return situation
    }
    return other
  }

  /// A type for a pool, together with smaller requests of what stands there.
  private func withIdleResidents(_ proposal: Proposal) -> [Proposal]? {
    guard case .cheaperType = proposal.ground, let pool = situation.pool(of: proposal) else {
      return nil
    }
    let residents = Set(situation.residents(of: pool).map(\.id))
    let idle = advice.idle.filter { $0.edits.allSatisfy { residents.contains($0.object) } }
    return idle.isEmpty ? nil : [proposal] + idle
  }

  /// Takes the best of several; of those that are as good, the first.
  private mutating func consider(_ alternatives: [[Proposal]]) {
    var best: (desired: DesiredState, next: Settlement, taken: Advice.Taken)?
    var first: Advice.Refused?
    for proposals in alternatives {
      let frees = proposals.allSatisfy(\.frees)
      switch judge(proposals) {
      case .better(let desired, let next, let taken):
        if best.map({ taken.isBetter(than: $0.taken) }) ?? true { best = (desired, next, taken) }
      case .neutral:
        if frees {
          advice.idle += proposals
          return
        }
        first = first ?? proposals.first.map { Advice.Refused($0, .savesNothing) }
      case .worse(let reason):
        first = first ?? proposals.first.map { Advice.Refused($0, reason) }
      }
      // Parts of a proposal save no more than the whole.
      if frees, best != nil { break }
    }
    if let best {
      take(best.desired, best.next, best.taken)
    } else if let first {
      advice.refused.append(first)
    }
  }

  /// What saves nothing by itself may do so together with others like it.
  private mutating func considerTogether() {
    guard advice.idle.count > 1,
      case .better(let desired, let next, let taken) = judge(advice.idle)
    else { return }
    take(desired, next, taken)
  }

  private mutating func take(
    _ desired: DesiredState, _ next: Settlement, _ taken: Advice.Taken
  ) {
    situation.desired = desired
    situation.base = next
    advice.after = next
    advice.taken.append(taken)
    advice.idle.removeAll { taken.proposals.contains($0) }
  }

  private mutating func judge(_ proposals: [Proposal]) -> Verdict {
    let desired: DesiredState
    do throws(Unplannable) {
      desired = try read(advice.edits + proposals.flatMap(\.edits))
    } catch {
      return .worse(error.reason)
    }
    forecastsLeft -= 1
    let (now, next) = (situation.base, settle(desired))
    if let reason = harm(of: next, over: now) { return .worse(reason) }
    let saving = now.costPerHour - next.costPerHour
    var taken = Advice.Taken(
      proposals, savingPerHour: saving, placed: now.pendingCount - next.pendingCount)
    for proposal in proposals {
      guard case .spot(let tolerances) = proposal.ground,
        let pool = situation.desired.nodePools.first(where: {
          $0.id == proposal.edits.first?.object
        })
      else { continue }
      switch Interruptions(situation, after: next).loss(in: pool, tolerances) {
      case .unknown: taken.lossPerHour = nil
      case .perHour(let loss):
        taken.lossPerHour = taken.lossPerHour.map { $0 + loss }
        if loss >= saving, saving > .zero {
          return .worse(.interruptions(saving: saving, loss: loss))
        }
      case .exposed(let workload): return .worse(.exposed(workload))
      case .endless(let workload): return .worse(.endless(workload))
      }
    }
    let isBetter =
      saving > .zero || taken.placed > 0 || proposals.allSatisfy(\.returnsGuarantee)
    return isBetter ? .better(desired, next, taken) : .neutral
  }

  private func harm(of next: Settlement, over now: Settlement) -> Advice.Reason? {
    if let trouble = next.trouble { return .trouble(trouble) }
    if next.unpriced > now.unpriced { return .unpriced }
    for (workload, count) in next.pending.sorted(by: { $0.key < $1.key }) {
      let more = count - (now.pending[workload] ?? 0)
      if more > 0 { return .pending(workload, more) }
    }
    if next.preempted > now.preempted { return .preempts(next.preempted - now.preempted) }
    if next.costPerHour > now.costPerHour {
      return .dearer(next.costPerHour - now.costPerHour)
    }
    return nil
  }
}

extension Situation {
  /// The pool that a proposal changes.
  fileprivate func pool(of proposal: Proposal) -> NodePoolSpec? {
    desired.nodePools.first { $0.id == proposal.edits.first?.object }
  }
}

extension Advice.Taken {
  fileprivate func isBetter(than other: Advice.Taken) -> Bool {
    let (mine, theirs) = (
      savingPerHour - (lossPerHour ?? .zero), other.savingPerHour - (other.lossPerHour ?? .zero)
    )
    return (placed, mine) > (other.placed, theirs)
  }
}

extension Proposal {
  /// Whether it leaves room to others, even where it saves nothing.
  fileprivate var frees: Bool {
    switch ground {
    case .overAsked: true
    case .cheaperType, .spot, .unusedQuota: false
    }
  }

  /// Whether it is for the better where nothing else changes by it.
  fileprivate var returnsGuarantee: Bool {
    switch ground {
    case .unusedQuota: true
    case .overAsked, .cheaperType, .spot: false
    }
  }
}
