import Advising
import Diagnostics
import Documents
import Interfaces
import Manifests
import Model
import Planning
import Scenarios
import Views

/// From what is wanted, seen and was used to what could be better.
struct AdviceRequest {
  private let scene: AdviceScene
  private let usage: GatheredUsage
  private let spotLifetime: Seconds?

  init(_ scene: AdviceScene, _ usage: GatheredUsage, spotLifetime: Seconds?) {
    self.scene = scene
    self.usage = usage
    self.spotLifetime = spotLifetime
  }

  func report(saveBugsBeside path: String) throws(Trouble) -> AdviceReport {
    let request = scene.request
    guard let manifests = request.manifests else {
      preconditionFailure("what was read of paths has manifests")
    }
    var violations: [String] = []
    var remarks = scene.start.remarks
    func settle(_ desired: DesiredState, ignoringGates: Bool) -> Settlement {
      var question = question(desired)
      question.ignoresGates = ignoringGates
      var forecaster = Forecaster(question.settled)
      defer { violations += forecaster.violations }
      return forecaster.settle()
    }
    var base = settle(request.desired, ignoringGates: false)
    var ignoresGates = false
    if case .refused(let gate)? = base.trouble {
      // Where nothing goes as it is, nothing could be compared.
      ignoresGates = true
      base = settle(request.desired, ignoringGates: true)
      remarks.append(
        "gates were left aside: they refuse what the manifests ask for already (\(gate))")
    }
    var advice = Advice(base)
    if case .restless? = base.trouble {
      remarks.append(
        "what the manifests ask for does not come to rest within a day: nothing is known")
    } else {
      let advisor = Advisor(
        read: { (edits) throws(Unplannable) in try read(edits, manifests) },
        settle: { settle($0, ignoringGates: ignoresGates) })
      advice = advisor.advise(
        on: Situation(
          desired: request.desired, editable: Set(manifests.manifests.map(\.spec.id)),
          usage: usage.usage, catalogs: request.wishes.catalogs, spotLifetime: spotLifetime,
          base: base))
    }
    guard violations.isEmpty else {
      let snapshot = Snapshot(
        at: scene.start.now, manifests: request.wishes.manifests, prices: request.wishes.keptPrices,
        observed: scene.start.seen)
      throw BugReport.save(snapshot, violations, "advice", beside: path)
    }
    return AdviceReport(
      advice, manifests, request.sources, unknown: usage.unknown, remarks: remarks)
  }

  private func question(_ desired: DesiredState) -> Question {
    Question(
      desired: desired, before: scene.request.before.desired, previous: scene.start.stored.target,
      done: scene.start.stored.done, observed: scene.start.seen,
      catalogs: scene.request.wishes.catalogs,
      now: scene.start.now)
  }

  /// What is wanted once the files say so: they are written and read anew, as they would be.
  private func read(
    _ edits: [FieldEdit], _ manifests: ManifestSet
  ) throws(Unplannable) -> DesiredState {
    let request = scene.request
    var texts: [TextEdit] = []
    for edit in edits {
      do throws(UneditableField) {
        texts.append(try manifests.text(of: edit, in: request.sources))
      } catch {
        throw Unplannable(.uneditable(error))
      }
    }
    let changed: ManifestRequest
    do throws(Trouble) {
      changed = try ManifestRequest(
        request.sources.applying(texts), gatheredWith: [], beside: request.before)
    } catch {
      guard case .input(let diagnostics, _) = error,
        let first = diagnostics.first(where: { $0.severity == .error })
      else { throw Unplannable(.unreadable("the files can't be read")) }
      throw Unplannable(.unreadable(first.message))
    }
    let changes = ObjectChanges.between(request.desired, changed.desired)
    for change in changes {
      for field in change.fields
      where !edits.contains(where: { $0.object == change.object && $0.isMeant(by: field) }) {
        throw Unplannable(.changesMore("\(change.object) \(field.path)"))
      }
    }
    return changed.desired
  }
}
