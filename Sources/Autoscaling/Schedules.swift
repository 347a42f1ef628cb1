public import Model

extension AutoscalePolicy {
  /// The most that any of its schedules asks for, now or when replicas that are asked for now are ready;
  /// none where no schedule holds. `zones` has the offsets of all their time zones from now until then:
  /// a schedule whose zone it lacks asks for nothing.
  public func scheduled(at now: Timestamp, _ zones: [String: ZoneOffsets]) -> Int {
    var most = 0
    for schedule in schedules where schedule.replicas > most {
      guard let zone = zones[schedule.timeZone] else { continue }
      let moments = [now, now + readyAfter]
      if moments.contains(where: { schedule.holds(at: zone.wall(at: $0)) }) {
        most = schedule.replicas
      }
    }
    return most
  }
}
