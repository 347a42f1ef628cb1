import Diagnostics
import Git
import Manifests
import Model
import Views

/// Both sides of a change, as what they ask for.
struct ReviewRequest {
  let range: RevisionRange
  /// What the manifests were, over what is applied; where they could not be read, what is applied.
  let base: ManifestRequest
  /// What they become, over `base`.
  let head: ManifestRequest
  /// What a reader must know to weigh the rest.
  let remarks: [String]

  /// Throws what is wrong with HEAD; whatever is wrong with BASE the change may be there to mend.
  static func read(
    _ range: String, _ paths: [String], in directory: String?, beside stored: Wishes
  ) async throws(Trouble) -> ReviewRequest {
    let revisions: Revisions
    do throws(GitProblem) {
      revisions = try await Revisions.read(RevisionRangeText(range), paths, in: directory)
    } catch {
      throw .problem(GitWording.diagnostic(error))
    }
    return try ReviewRequest(revisions, beside: stored)
  }

  private init(_ revisions: Revisions, beside stored: Wishes) throws(Trouble) {
    range = revisions.range
    do throws(Trouble) {
      base = try ManifestRequest(
        revisions.base.sources, gatheredWith: revisions.base.problems, beside: stored)
      remarks = []
    } catch {
      guard case .input(let diagnostics, _) = error else { throw error }
      base = ManifestRequest(stored: stored)
      let first = diagnostics.first.map { ": \($0.message)" } ?? ""
      remarks = [
        "\(range.baseName) can't be read (\(DiagnosticRenderer.summary(of: diagnostics) ?? "")"
          + "\(first)), so the change is compared with what is applied"
      ]
    }
    head = try ManifestRequest(
      revisions.head.sources, gatheredWith: revisions.head.problems, beside: base.wishes)
  }

  var clusters: [ClusterSpec] {
    let known = Set(head.allClusters.map(\.name))
    return head.allClusters + base.allClusters.filter { !known.contains($0.name) }
  }

  /// Where the changed objects and the gates are declared.
  func places(of changes: [ObjectChange], _ gates: [ObjectID]) -> ChangePlaces {
    guard let manifests = head.manifests else { return .unknown }
    return ChangePlaces(
      changes, and: gates, base: base.manifests.map { ($0, base.sources) },
      head: (manifests, head.sources))
  }
}
