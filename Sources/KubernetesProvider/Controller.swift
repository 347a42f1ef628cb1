import Planning

/// The door to one Kubernetes: what it shows, and what it is asked to do.
protocol Controller: Sendable {
  /// `moves` were answered before, and are shown.
  func look(showing moves: [Move]) async throws(Failure) -> Seen
  func carryOut(_ move: Move) async throws(Failure)
}
