public import Diagnostics
import Model

/// Time zones that manifests name. Which ones there are is for the caller to say: rules for clocks
/// change from year to year, and this floor reads no files.
public enum TimeZones {
  /// One diagnostic for each place that names a zone that is not among `known`.
  public static func check(
    _ manifests: ManifestSet, known: @autoclosure () -> [String]
  ) -> [Diagnostic] {
    let named = manifests.manifests.flatMap { manifest in
      manifest.spec.schedules.enumerated().map { index, schedule in
        let span = manifest.origin.span(
          "spec", "autoscale", "schedules", "\(index)", "timeZone")
        return (name: schedule.timeZone, span: span)
      }
    }.filter { $0.name != ScaleSchedule.utc }
    guard !named.isEmpty else { return [] }
    let known = known()
    return named.filter { !known.contains($0.name) }.map {
      .unknownTimeZone($0.name, $0.span, known: known)
    }
  }
}

extension AnySpec {
  fileprivate var schedules: [ScaleSchedule] {
    switch self {
    case .workload(let workload): workload.autoscale?.schedules ?? []
    case .cluster, .nodePool, .queue, .gate: []
    }
  }
}
