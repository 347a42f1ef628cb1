public import Model

/// A deletion that is more often an accident than a wish, so that somebody has to agree to exactly it.
public enum GraveDeletion: Hashable, Sendable {
  /// More than a tenth of a set, and more than one object.
  case muchOf(SetName, deleted: Int, of: Int)
  /// Nothing of this kind is left.
  case lastOf(Kind)
  case protected(ObjectID)
}

extension Plan {
  /// What of the plan's deletions needs consent, `before` being what was wanted until then. Objects in
  /// `named` were named by whoever wants them gone: of those only protected ones count.
  public func graveDeletions(
    before: DesiredState, named: Set<ObjectID> = []
  ) -> [GraveDeletion] {
    let gone = Set(changes.filter { $0.action == .delete }.map(\.object))
    let old = before.declarations
    let pruned = gone.subtracting(named)
    let sets = Set(old.filter { pruned.contains($0.id) }.map(\.metadata.set)).sorted()
    let shares = sets.compactMap { set -> GraveDeletion? in
      let members = old.filter { $0.metadata.set == set }
      let leaving = members.count { pruned.contains($0.id) }
      return leaving > max(1, members.count / 10)
        ? .muchOf(set, deleted: leaving, of: members.count) : nil
    }
    let created = Set(changes.filter { $0.action == .create }.map(\.object.kind))
    let kinds = Kind.allCases.filter { kind in
      pruned.contains { $0.kind == kind } && !created.contains(kind)
        && old.allSatisfy { $0.id.kind != kind || gone.contains($0.id) }
    }
    return shares + kinds.map { .lastOf($0) }
      + old.filter { gone.contains($0.id) && $0.metadata.isProtected }.map { .protected($0.id) }
  }
}
