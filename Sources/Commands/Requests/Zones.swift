import Foundation
import Model

/// The time zones that this machine knows, from Foundation's copy of the IANA database.
enum Zones {
  static var names: [String] {
    (TimeZone.knownTimeZoneIdentifiers + [ScaleSchedule.utc]).sorted()
  }

  /// Those of all schedules of `desired`.
  static func offsets(
    for desired: DesiredState, from start: Timestamp, for length: Seconds
  ) -> [String: ZoneOffsets] {
    var all: [String: ZoneOffsets] = [:]
    for schedule in desired.workloads.flatMap({ $0.autoscale?.schedules ?? [] })
    where all[schedule.timeZone] == nil {
      all[schedule.timeZone] = offsets(of: schedule.timeZone, from: start, for: length)
    }
    return all
  }

  /// The offsets of the zone `name` from `start` on for `length`; nil where there is no such zone.
  private static func offsets(
    of name: String, from start: Timestamp, for length: Seconds
  ) -> ZoneOffsets? {
    guard let zone = TimeZone(identifier: name) else { return nil }
    let end = start + length
    var moment = Date(timeIntervalSince1970: Double(start.seconds))
    var offsets = ZoneOffsets(first: Seconds(Int64(zone.secondsFromGMT(for: moment))))
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next > moment {
      let at = Timestamp(seconds: Int64(next.timeIntervalSince1970))
      guard at <= end else { break }
      offsets.changes.append(
        ZoneOffsets.Change(at: at, offset: Seconds(Int64(zone.secondsFromGMT(for: next)))))
      moment = next
    }
    return offsets
  }
}
