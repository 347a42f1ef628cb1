import Model

/// How a service is exchanged, the first that works: each needs less from the fleet than the one before
/// it asks of the service, or more room.
enum Way: Int {
  /// In the room that its older replicas leave.
  case inFreedRoom
  /// Beside its older replicas, which keep their room until their successors are ready.
  case beside
  /// Not at all for now: the older replicas stay.
  case held

  var next: Way { Way(rawValue: rawValue + 1) ?? .held }
}
