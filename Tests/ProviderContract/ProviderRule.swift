public import Testing

/// The rules of the `Provider` contract. Every provider's tests run each of them on an empty place of
/// its own: `@Test(arguments: ProviderRule.allCases) func keeps(_ rule: ProviderRule)`.
public enum ProviderRule: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case aNodeComesAsOrdered
  case creatingTwiceIsOnce
  case aDeletedNodeGoes
  case deletingAndStoppingWhatIsGoneSucceeds
  case aReplicaStartsAsOrdered
  case startingTwiceIsOnce
  case aKeyIsCarriedOutOnce
  case aGangStartsOnce
  case aStoppedReplicaGivesItsRoomBack
  case amountsAreNotOversubscribed
  case devicesAreNotOversubscribed
  case sharesFillADevice
  case nothingStartsWithoutAReadyNode
  case aDrainedNodeKeepsWhatRuns
  case foreignNodesAreUsedAndNeverTouched
  case foreignWorkCounts
  case aLostNodeTakesItsReplicasWithIt
  case observationsAreCompleteAndSorted
  case restartsKeepTheState

  public var testDescription: String { rawValue }

  public func check(_ harness: some ProviderHarness) async throws {
    switch self {
    case .aNodeComesAsOrdered: try await harness.aNodeComesAsOrdered()
    case .creatingTwiceIsOnce: try await harness.creatingTwiceIsOnce()
    case .aDeletedNodeGoes: try await harness.aDeletedNodeGoes()
    case .deletingAndStoppingWhatIsGoneSucceeds:
      try await harness.deletingAndStoppingWhatIsGoneSucceeds()
    case .aReplicaStartsAsOrdered: try await harness.aReplicaStartsAsOrdered()
    case .startingTwiceIsOnce: try await harness.startingTwiceIsOnce()
    case .aKeyIsCarriedOutOnce: try await harness.aKeyIsCarriedOutOnce()
    case .aGangStartsOnce: try await harness.aGangStartsOnce()
    case .aStoppedReplicaGivesItsRoomBack: try await harness.aStoppedReplicaGivesItsRoomBack()
    case .amountsAreNotOversubscribed: try await harness.amountsAreNotOversubscribed()
    case .devicesAreNotOversubscribed: try await harness.devicesAreNotOversubscribed()
    case .sharesFillADevice: try await harness.sharesFillADevice()
    case .nothingStartsWithoutAReadyNode: try await harness.nothingStartsWithoutAReadyNode()
    case .aDrainedNodeKeepsWhatRuns: try await harness.aDrainedNodeKeepsWhatRuns()
    case .foreignNodesAreUsedAndNeverTouched:
      try await harness.foreignNodesAreUsedAndNeverTouched()
    case .foreignWorkCounts: try await harness.foreignWorkCounts()
    case .aLostNodeTakesItsReplicasWithIt: try await harness.aLostNodeTakesItsReplicasWithIt()
    case .observationsAreCompleteAndSorted: try await harness.observationsAreCompleteAndSorted()
    case .restartsKeepTheState: try await harness.restartsKeepTheState()
    }
  }
}
