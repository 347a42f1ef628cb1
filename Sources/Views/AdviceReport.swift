public import Advising
public import Diagnostics
public import Manifests
public import Model

/// Advice with where it stands in the files, for `AdviceView`.
public struct AdviceReport: Sendable {
  let advice: Advice
  private let places: [FieldEdit: Place]
  /// All that was taken, as `git apply` takes it; empty where nothing was.
  public let patch: String
  /// Workloads that nothing is known of, and why; sorted.
  let unknown: [(workload: WorkloadName, why: String)]
  /// What a reader must know to weigh the rest.
  let remarks: [String]

  struct Place: Hashable, Sendable {
    let path: String
    let position: LineIndex.Position

    var text: String { "\(path):\(position.line):\(position.column)" }
  }

  public init(
    _ advice: Advice, _ manifests: ManifestSet, _ sources: Sources,
    unknown: [(workload: WorkloadName, why: String)] = [], remarks: [String] = []
  ) {
    self.advice = advice
    self.unknown = unknown
    self.remarks = remarks
    var indices: [SourceID: LineIndex] = [:]
    func place(_ edit: FieldEdit) -> Place? {
      guard let manifest = manifests.manifests.first(where: { $0.spec.id == edit.object }) else {
        return nil
      }
      let span = manifest.origin.span(edit.path)
      let index = indices[span.source] ?? LineIndex(sources[span.source])
      indices[span.source] = index
      return Place(
        path: sources[span.source].path, position: index.position(of: span.range.lowerBound))
    }
    let proposals =
      advice.taken.flatMap(\.proposals) + advice.idle + advice.refused.map(\.proposal)
    var places: [FieldEdit: Place] = [:]
    for edit in proposals.flatMap(\.edits) { places[edit] = place(edit) }
    self.places = places
    let edits = advice.edits.compactMap { edit -> TextEdit? in
      do throws(UneditableField) { return try manifests.text(of: edit, in: sources) } catch {
        preconditionFailure("what was planned with was written before")
      }
    }
    patch = UnifiedDiff(sources, edits).text
  }

  func place(of edit: FieldEdit) -> Place? { places[edit] }
}
