import Planning

/// The door to one Kubernetes: what it shows, and what it is asked to do.
protocol Controller: Sendable {
  func look() async throws(Failure) -> Seen
  func carryOut(_ move: Move) async throws(Failure)
}
