public import Model

/// How one desired state differs from another, object by object and field by field.
public enum ObjectChanges {
  /// Kinds in their order, names sorted within; objects that are the same in both are left out.
  public static func between(_ before: DesiredState, _ after: DesiredState) -> [ObjectChange] {
    changes(.cluster, before.clusters, after.clusters)
      + changes(.nodePool, before.nodePools, after.nodePools)
      + changes(.queue, before.queues, after.queues)
      + changes(.workload, before.workloads, after.workloads)
      + changes(.gate, before.gates, after.gates)
  }

  private static func changes<S: Spec>(
    _ kind: Kind, _ before: [S], _ after: [S]
  ) -> [ObjectChange] {
    let old = Dictionary(uniqueKeysWithValues: before.map { ($0.metadata.name, $0) })
    let new = Dictionary(uniqueKeysWithValues: after.map { ($0.metadata.name, $0) })
    return Set(old.keys).union(new.keys).map { ObjectID(kind, $0) }.sorted().compactMap { object in
      switch (old[object.name], new[object.name]) {
      case (nil, nil): nil
      case (nil, _?): ObjectChange(object: object, action: .create)
      case (let before?, nil):
        ObjectChange(
          object: object, action: .delete, wasProtected: before.metadata.isProtected)
      case (let before?, let after?): change(object, before, after)
      }
    }
  }

  /// Nil where no field differs.
  private static func change<S: Spec>(_ object: ObjectID, _ before: S, _ after: S) -> ObjectChange?
  {
    let fields = FieldDiff.changes(from: before, to: after)
    guard !fields.isEmpty else { return nil }
    let isReplaced = fields.contains { $0.effect != .inPlace }
    return ObjectChange(
      object: object, action: isReplaced ? .replace : .update, fields: fields,
      wasProtected: before.metadata.isProtected)
  }
}
