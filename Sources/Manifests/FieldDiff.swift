public import Model

/// The fields in which two versions of an object differ, in the order in which they are written.
///
/// What is compared is what was declared: a number that the autoscaler owns is part of no spec, so it
/// can't appear.
public enum FieldDiff {
  public static func changes<S: Spec>(from before: S, to after: S) -> [FieldChange] {
    compare(S.table.write(before), S.table.write(after), S.table.description)
  }

  /// Every field of a new object, as a change from nothing.
  public static func fields<S: Spec>(of spec: S) -> [FieldChange] {
    compare(nil, S.table.write(spec), S.table.description)
  }

  private static func compare(
    _ before: Written?, _ after: Written?, _ table: TableDescription
  ) -> [FieldChange] {
    var changes: [FieldChange] = []
    collect(before, after, table, "", .inPlace, &changes)
    return changes
  }

  private static func collect(
    _ before: Written?, _ after: Written?, _ table: TableDescription, _ path: String,
    _ around: FieldChange.Effect, _ changes: inout [FieldChange]
  ) {
    for field in table.fields {
      let (old, new) = (before?[field.name], after?[field.name])
      guard old != new else { continue }
      let path = path + field.name
      // What a field does, the fields within it do.
      let effect = field.effect == .inPlace ? around : field.effect
      switch (old, new) {
      case (.map?, .map?), (.map?, nil), (nil, .map?):
        collectKeys(old, new, path, effect, &changes)
      case (.fields?, .fields?), (.fields?, nil), (nil, .fields?):
        if let inner = field.shape.table {
          collect(old, new, inner, path + ".", effect, &changes)
        }
      default:
        changes.append(
          FieldChange(path: path, before: old?.flow, after: new?.flow, effect: effect))
      }
    }
  }

  private static func collectKeys(
    _ before: Written?, _ after: Written?, _ path: String, _ effect: FieldChange.Effect,
    _ changes: inout [FieldChange]
  ) {
    let keys = Set(before.keys + after.keys).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    for key in keys where before?[key] != after?[key] {
      let isSimple = key.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "/") }
      changes.append(
        FieldChange(
          path: isSimple ? "\(path).\(key)" : "\(path)['\(key)']",
          before: before?[key]?.flow, after: after?[key]?.flow, effect: effect))
    }
  }
}

extension Written {
  /// The entry of this name or key.
  fileprivate subscript(name: String) -> Written? {
    switch self {
    case .fields(let entries), .map(let entries):
      entries.first { $0.key.utf8.elementsEqual(name.utf8) }?.value
    case .plain, .text, .list: nil
    }
  }
}

extension Written? {
  fileprivate var keys: [String] {
    switch self {
    case .map(let entries)?, .fields(let entries)?: entries.map(\.key)
    case .plain?, .text?, .list?, nil: []
    }
  }
}
