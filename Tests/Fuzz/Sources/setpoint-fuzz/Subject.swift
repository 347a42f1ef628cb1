/// What reads bytes that somebody else wrote. None of them may trap, hang or grow without bound on
/// any input, and what they take in must be what they say it is.
enum Subject: String, CaseIterable {
  /// YAML bytes as manifests.
  case manifests
  case plan
  case snapshot
  /// Words such as `30m`, `H100:8` and `2..16`.
  case words
  /// What git prints of a tree.
  case tree

  func test(_ bytes: [UInt8]) {
    switch self {
    case .manifests: testManifests(bytes)
    case .plan: testPlan(bytes)
    case .snapshot: testSnapshot(bytes)
    case .words: testWords(bytes)
    case .tree: testTree(bytes)
    }
  }
}

/// Stops the fuzzer, which then keeps the input.
func require(_ holds: Bool, _ rule: @autoclosure () -> String) {
  guard holds else { fatalError(rule()) }
}
