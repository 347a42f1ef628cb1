import JSON

/// What is left of a replica that was told to stop: an event in its namespace, which Kubernetes forgets
/// by itself after an hour (`--event-ttl`). It is how a key is known to have been used.
struct Memory: Hashable, Sendable, KubeObject {
  var meta = Meta() {
    didSet {
      order = meta.annotations[PodOrder.annotation].flatMap(PodOrder.init(text:))
      stopKey = meta.annotations[Self.stopKeyAnnotation] ?? ""
    }
  }
  private(set) var order: PodOrder?
  private(set) var stopKey = ""

  static let stopKeyAnnotation = "setpoint/stop-key"

  init() {}
}
