import Advising
import Diagnostics
import JSON
import Manifests
import Model

/// Advice for programs.
extension AdviceView {
  public var json: String {
    JSONWriter.object { writer in
      let advice = report.advice
      writer.member("formatVersion", 1)
      writer.member("kind", "advice")
      writer.member("perHour", advice.base.costPerHour.description)
      writer.member("perHourAfter", advice.after.costPerHour.description)
      writer.member("savingPerHour", advice.savingPerHour.description)
      writer.member("savingPerMonth", (advice.savingPerHour * 730).description)
      writer.member("pending", advice.base.pendingCount)
      writer.member("pendingAfter", advice.after.pendingCount)
      writer.member("taken", objects: advice.taken) { writer, taken in
        writer.member("savingPerHour", taken.savingPerHour.description)
        writer.member("interruptionsPerHour", ifPresent: taken.lossPerHour?.description)
        writer.member("placed", taken.placed)
        writer.member("proposals", objects: taken.proposals) { write($1, to: &$0) }
      }
      writer.member("idle", objects: advice.idle) { write($1, to: &$0) }
      writer.member("refused", objects: advice.refused) { writer, refused in
        write(refused.proposal, to: &writer)
        writer.member("reason", AdviceWords.reason(refused.reason))
      }
      writer.member("unknown", objects: report.unknown) { writer, unknown in
        writer.member("workload", unknown.workload.text)
        writer.member("why", unknown.why)
      }
      writer.member("remarks", report.remarks)
      writer.member("patch", report.patch)
    }
  }

  private func write(_ proposal: Proposal, to writer: inout JSONWriter) {
    writer.member("object", proposal.edits.first.map { "\($0.object)" } ?? "")
    writer.member("ground", proposal.ground.word)
    writer.member("because", AdviceWords.grounds(proposal))
    writer.member("fields", objects: proposal.edits) { writer, edit in
      writer.member("path", edit.path.joined(separator: "."))
      writer.member("before", edit.before)
      writer.member("after", edit.after)
      guard let place = report.place(of: edit) else { return }
      writer.member("file", place.path)
      writer.member("line", place.position.line)
      writer.member("column", place.position.column)
    }
  }
}

extension Proposal.Ground {
  fileprivate var word: String {
    switch self {
    case .overAsked: "overAsked"
    case .cheaperType: "cheaperType"
    case .spot: "spot"
    case .unusedQuota: "unusedQuota"
    }
  }
}
