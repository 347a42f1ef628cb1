/// From text to meaning: what the manifests of a run declare, checked and cross-checked.
///
///     Sources ── ManifestReader ──▶ ManifestSet ── References ──▶ DesiredState
///
/// Everything about a field is said once, in the `Table` of its kind (`WorkloadFields.swift` and its
/// neighbours): its name, its type, its sentence of documentation, its example, whether it must be
/// given, and what a change of it does. Reading (`Table.read`), defaults (`Table.blank`), canonical
/// text (`CanonicalText`), the paths in diffs (`FieldDiff`), `setpoint explain` (`FieldGuide`) and the
/// JSON Schemas (`JSONSchema`) all walk these tables, so that none of them can disagree.
public enum ManifestFormat {
  /// What every manifest begins with.
  public static let apiVersion = "setpoint/v1"
}
