import Diagnostics
public import Model
public import Planning

/// What a change in a repository does, with all that a reviewer asks of it.
public struct Review: Sendable {
  /// One side of the change.
  public struct Revision: Hashable, Sendable {
    /// As it was asked for: `main`.
    public var name: String
    /// Of the commit, in full; empty for what is in no repository.
    public var id: String

    public init(name: String, id: String) {
      self.name = name
      self.id = id
    }

    var short: String { String(id.prefix(10)) }

    /// `main (0123456789)`
    var told: String { id.isEmpty ? Visible.line(name) : "\(Visible.line(name)) (\(short))" }
  }

  public var base: Revision
  public var head: Revision
  /// In the repository, as they were asked for.
  public var paths: [String]
  public var comparison: PlanComparison
  public var places: ChangePlaces
  /// What both plans were made on.
  public var observed: ObservedState
  /// When that was seen.
  public var at: Timestamp
  /// What a reader must know to weigh the rest, a sentence each.
  public var remarks: [String]

  public init(
    base: Revision, head: Revision, paths: [String], comparison: PlanComparison,
    places: ChangePlaces, observed: ObservedState, at: Timestamp, remarks: [String] = []
  ) {
    self.base = base
    self.head = head
    self.paths = paths
    self.comparison = comparison
    self.places = places
    self.observed = observed
    self.at = at
    self.remarks = remarks
  }

  var title: String {
    "\(base.told) → \(head.told)"
      + (paths.isEmpty ? "" : " on \(paths.map(Visible.line).joined(separator: ", "))")
  }

  /// What the change says of clusters that were not seen is said in any case: it bounds all the
  /// rest.
  var notes: [ReportEntry] {
    let unseen = comparison.head.report.filter { entry in
      if case .notObserved = entry { true } else { false }
    }
    return unseen + comparison.brought.report.filter { !unseen.contains($0) }
  }
}
