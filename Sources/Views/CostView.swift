import JSON
public import Model
public import Planning

/// What was spent in a month, what is spent now, and what it comes to by the month's end, for people
/// and for programs.
public struct CostView: Sendable {
  private let spending: Spending
  private let rate: RunRate
  private let desired: DesiredState
  private let now: Timestamp

  /// `rate` is what is paid for at `now`; for a month that is over it counts for nothing.
  public init(_ spending: Spending, _ rate: RunRate, _ desired: DesiredState, at now: Timestamp) {
    self.spending = spending
    self.rate = rate
    self.desired = desired
    self.now = now
  }

  public func text(in style: Style = Style()) -> String {
    let sections = [
      [style.heading("\(spending.month), \(isOver ? "all of it" : "until \(now)")")]
        + (rows.isEmpty ? ["  Nothing was spent."] : items.lines(in: style, indent: 2)),
      budgets.isEmpty
        ? [] : [style.heading("Budgets")] + budgets.lines(in: style, indent: 2),
      rate.unpriced.isEmpty
        ? []
        : [style.heading("Notes")]
          + paragraph(
            "without a known price: \(NodeRuns(rate.unpriced).text())", indent: 2, in: style),
      [style.heading(lastLine)],
    ].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  public var json: String {
    JSONWriter.object { writer in
      writer.member("formatVersion", 1)
      writer.member("kind", "cost")
      writer.member("month", spending.month.description)
      writer.member("at", now.description)
      writer.member("spent", spending.total.description)
      writer.member("perHour", perHour.description)
      writer.member("byMonthEnd", forecast(spending.total, perHour).description)
      writer.member("items") { items.writeItems(to: &$0) }
      writer.member("budgets") { budgets.writeItems(to: &$0) }
      writer.member("unpriced", rate.unpriced.map(\.description))
    }
  }

  private var isOver: Bool { spending.month.next.start <= now }

  private var rates: [SpendingKey: Money] { isOver ? [:] : rate.perHour }

  private var perHour: Money { rates.values.reduce(.zero, +) }

  private var rows: [SpendingKey] { Set(spending.amounts.keys).union(rates.keys).sorted() }

  /// As if all went on as it is now.
  private func forecast(_ spent: Money, _ perHour: Money) -> Money {
    isOver ? spent : spent + perHour.over(spending.month.next.start - now)
  }

  private func fact(_ money: Money) -> Listing.Fact {
    .shown(Amounts.cents(money), exactly: money.description)
  }

  private var items: Listing {
    var listing = Listing(
      "costs",
      [
        .init("cluster"), .init("queue"), .init("workload"), .init("spent", isNumber: true),
        .init("perHour", title: "PER HOUR", isNumber: true),
        .init("byMonthEnd", title: "BY MONTH'S END", isNumber: true),
      ])
    for key in rows {
      let spent = spending.amounts[key] ?? .zero
      let perHour = rates[key] ?? .zero
      listing.add(
        .text(key.cluster.text), Listing.Fact(key.queue?.text),
        key.workload.map { .text($0.text) } ?? .shown("(idle)", exactly: ""), fact(spent),
        fact(perHour), fact(forecast(spent, perHour)))
    }
    return listing
  }

  private var budgets: Listing {
    var listing = Listing(
      "budgets",
      [
        .init("object", title: "BUDGET OF"), .init("spent", isNumber: true),
        .init("monthly", isNumber: true), .init("share", isNumber: true),
        .init("byMonthEnd", title: "BY MONTH'S END", isNumber: true),
        .init("onExceed", title: "ON EXCEED"),
      ])
    let running = Spending(spending.month, rates)
    for (owner, budget) in desired.budgets {
      let spent = spending.spent(by: owner, among: desired.queues)
      let perHour = running.spent(by: owner, among: desired.queues)
      listing.add(
        .text(owner.description), fact(spent), fact(budget.monthly),
        .text(share(spent, of: budget.monthly)), fact(forecast(spent, perHour)),
        .text(budget.onExceed.rawValue))
    }
    return listing
  }

  private func share(_ spent: Money, of monthly: Money) -> String {
    monthly > .zero
      ? "\(Int64(clamping: Int128(spent.micros) * 100 / Int128(monthly.micros)))%" : "-"
  }

  private var lastLine: String {
    let idle = spending.amounts.filter { $0.key.workload == nil }.values.reduce(.zero, +)
    let spent = "Cost: \(Amounts.cents(spending.total)) spent, \(Amounts.cents(idle)) of it idle"
    guard !isOver else { return spent }
    return spent + " · \(perHour.perHourText) now"
      + " · \(Amounts.cents(forecast(spending.total, perHour))) by the month's end"
  }
}
