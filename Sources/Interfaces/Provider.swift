public import Model
public import Planning

/// The adapter to a place where nodes and replicas are real. Its contract is what follows; the suite
/// `ProviderContract` checks it against every provider.
public protocol Provider: Sendable {
  /// What is there now, of one cluster. It may be stale by the time it arrives, and says itself whether
  /// it is complete; a failure to look is thrown and never answered with an empty world. What `apply`
  /// took on before the look began is shown, as booting or starting at least, or the answer is
  /// incomplete.
  ///
  /// Where the place picks devices itself, indices count devices and do not name them: a replica of ours
  /// is shown on the indices of its order, and what others hold on those that ours leave free.
  func observe(_ cluster: ClusterSpec) async throws(Failure) -> Observation

  /// Carries out one step, or answers why not.
  ///
  /// Returns when the provider has taken the step on, not when its effect can be seen. The same key
  /// twice is once. Creating or starting what is there already, and deleting or stopping what is gone,
  /// succeeds. It touches only what carries our tag.
  ///
  /// A gang may be started with the first of its members that is asked for, and stopped likewise: they
  /// run together or not at all.
  func apply(_ step: Step, key: IdempotencyKey, in cluster: ClusterSpec) async throws(Failure)
}

/// The time that a provider's world lives in.
public protocol Clock: Sendable {
  func now() async -> Timestamp
  /// Returns at `moment`, or earlier when the task is cancelled.
  func wait(until moment: Timestamp) async
}
