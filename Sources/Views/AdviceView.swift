import Advising
import Diagnostics
import Manifests
import Model

/// What manifests could say otherwise, with what speaks for it and what it saves, for people.
public struct AdviceView: Sendable {
  let report: AdviceReport
  private let style: Style

  public init(_ report: AdviceReport, style: Style = Style()) {
    self.report = report
    self.style = style
  }

  private var advice: Advice { report.advice }

  public var text: String {
    let sections = [
      section("Advice", advice.taken.flatMap(lines)),
      section("Leaves room, and saves nothing by itself", advice.idle.flatMap { lines($0) }),
      section(
        "Tried, and not for the better",
        advice.refused.flatMap { refused in
          lines(refused.proposal, style.isVerbose ? nil : 1)
            + paragraph(Visible.line(AdviceWords.reason(refused.reason)), indent: 4, in: style)
        }),
      section(
        "Not known",
        unknown.flatMap { paragraph($0, indent: 2, in: style) }),
      section("Notes", notes.flatMap { paragraph($0, indent: 2, in: style) }),
      style.lastLine(lastLine),
    ].filter { !$0.isEmpty }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [style.heading(title)] + lines
  }

  private func lines(_ taken: Advice.Taken) -> [String] {
    taken.proposals.flatMap { lines($0) }
      + paragraph(AdviceWords.gain(taken), indent: 4, in: style)
  }

  /// What a proposal changes, and what speaks for it; of several fields the first `shown`.
  private func lines(_ proposal: Proposal, _ shown: Int? = nil) -> [String] {
    let object = proposal.edits.first.map { "\($0.object)" } ?? ""
    var table = Table([.left, .left, .left], indent: 4)
    table.rows = proposal.edits.enumerated().map { index, edit in
      Table.Row([
        Cell(edit.path.dropFirst().joined(separator: ".")),
        Cell("\(edit.before) → \(edit.after)", .changed),
        Cell(report.place(of: edit)?.text ?? "", .quiet),
      ])
    }
    return ["  \(style.paint("~", .changed)) \(object)"] + table.lines(in: style)
      + (shown == nil
        ? AdviceWords.grounds(proposal).flatMap { paragraph($0, indent: 4, in: style) } : [])
  }

  /// Those of whom the same is to be said stand together.
  private var unknown: [String] {
    var reasons: [(why: String, workloads: [String])] = []
    for (workload, why) in report.unknown {
      if let index = reasons.firstIndex(where: { $0.why == why }) {
        reasons[index].workloads.append(workload.text)
      } else {
        reasons.append((why, [workload.text]))
      }
    }
    return reasons.map { Visible.line("\($0.workloads.joined(separator: ", ")): \($0.why)") }
  }

  private var notes: [String] {
    report.remarks
      + (advice.passedOver > 0
        ? ["\(counted(advice.passedOver, "more proposal")) not looked at: there are too many"] : [])
      + (advice.base.unpriced > 0
        ? [
          "\(counted(advice.base.unpriced, "node")) without a known price: what"
            + " \(advice.base.unpriced == 1 ? "it costs" : "they cost") is in no sum"
        ] : [])
  }

  private var lastLine: String {
    let (base, after) = (advice.base, advice.after)
    let changes = counted(advice.edits.count, "change")
    guard !advice.taken.isEmpty else {
      return "Advice: nothing to change · \(base.costPerHour.perHourText)"
        + " · \(base.pendingCount) pending"
    }
    return "Advice: \(changes)"
      + " · \(Amounts.change(from: base.costPerHour, to: after.costPerHour))"
      + " · \(Amounts.monthChange(after.costPerHour - base.costPerHour)) in a month of 730 hours"
      + " · \(after.pendingCount) pending"
  }
}

/// What advice says in sentences.
enum AdviceWords {
  static func grounds(_ proposal: Proposal) -> [String] {
    switch proposal.ground {
    case .overAsked(let usage, let excesses):
      excesses.map { "\($0.amount.words): \($0.used)" }
        + ["measured for \(Amounts.age(usage.measuredFor)); its replicas are started anew"]
    case .cheaperType(let type): ["\(type) costs less for what stands there"]
    case .spot(let tolerances):
      tolerances.map { tolerance in
        switch tolerance.why {
        case .checkpoint(let every): "\(tolerance.workload) saves its state every \(every)"
        case .replicas(let count):
          "\(tolerance.workload) has \(count) replicas, and no node holds more than a third of them"
        }
      }
    case .unusedQuota(let usage):
      [
        "\(Quantity.decimal.text(usage.milliDevicesPeak)) accelerators were held at the most,"
          + " in \(Amounts.age(usage.measuredFor))"
      ]
    }
  }

  static func gain(_ taken: Advice.Taken) -> String {
    var words: [String] = []
    if taken.proposals.count > 1 { words.append("together") }
    if taken.savingPerHour > .zero {
      words.append(
        "saves \(taken.savingPerHour.perHourText), \(Amounts.month(taken.savingPerHour)) a month")
    }
    if taken.placed > 0 { words.append("\(counted(taken.placed, "replica")) more find room") }
    switch taken.lossPerHour {
    case nil:
      words.append("interruptions are not counted: nobody says how long spot nodes live")
    case let loss? where loss > .zero:
      words.append(
        "interruptions cost \(Amounts.cents(loss * 730)) of it a month")
    case _?: break
    }
    return words.isEmpty
      ? "costs nothing, and others may count on it" : words.joined(separator: "; ")
  }

  static func reason(_ reason: Advice.Reason) -> String {
    switch reason {
    case .uneditable(.notDeclared): "it is declared in none of these files"
    case .uneditable(.shared): "others share it by an anchor: change it by hand"
    case .uneditable(.unusual): "it is written in a way that would be lost: change it by hand"
    case .unreadable(let problem): "it would be a mistake: \(problem)"
    case .changesMore(let other): "\(other) would change with it: change it by hand"
    case .pending(let workload, let count):
      "\(counted(count, "replica")) of \(workload) would find no room"
    case .preempts(let count): "\(counted(count, "more replica")) would be stopped for others"
    case .dearer(let money): "it would cost \(money.perHourText) more"
    case .savesNothing: "it would save nothing"
    case .unpriced: "it would take nodes that no price is known of"
    case .exposed(let workload):
      "one node would hold more than a third of \(workload), or one zone all of it on one type"
    case .endless(let workload):
      "\(workload) would be interrupted before it gets from one checkpoint to the next"
    case .interruptions(let saving, let loss):
      "interruptions would cost \(loss.perHourText), and it would save \(saving.perHourText)"
    case .trouble(.refused(let gate)): "a gate would refuse it: \(gate)"
    case .trouble(.restless): "it would not come to rest within a day"
    }
  }
}

extension Proposal.Excess.Amount {
  fileprivate var words: String {
    switch self {
    case .cpu: "cores"
    case .memory: "memory"
    case .deviceShare: "of one accelerator"
    case .devices: "accelerators"
    }
  }
}
