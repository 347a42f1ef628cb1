import Loopback

/// Who watches one kind.
struct Watcher: Sendable {
  let target: Target
  let selector: Selector
  /// The version up to which it has been told.
  var told: Int
  let feed: AsyncStream<[UInt8]>.Continuation

  mutating func tell(_ store: Store) {
    for change in store.changes(after: told) {
      told = change.version
      guard change.resource == target.resource, selector.selects(change.object),
        target.namespace == nil
          || change.object[["metadata", "namespace"]]?.string == target.namespace
      else { continue }
      say(change.type, change.object)
    }
  }

  func say(_ type: String, _ object: Tree) {
    let event: Tree = ["type": .string(type), "object": object]
    feed.yield(Array((event.text + "\n").utf8))
  }
}

extension Imitation {
  /// nil where the path is none that can be watched, or who asks may not.
  func watch(_ asked: Loopback.Asked) -> Loopback.Reply? {
    guard isAdmitted(asked), let target = target(asked), target.name == nil else { return nil }
    let (stream, feed) = AsyncStream.makeStream(of: [UInt8].self)
    let watcher = Watcher(
      target: target, selector: Selector(asked.query["labelSelector"] ?? ""),
      told: asked.query["resourceVersion"].flatMap { Int($0) } ?? 0, feed: feed)
    if watcher.told < store.forgottenUntil {
      watcher.say(
        "ERROR",
        [
          "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
          "message": "too old resource version", "reason": "Expired", "code": 410,
        ])
      feed.finish()
    } else {
      watchers.append(asked.query["sendInitialEvents"] == "true" ? listed(watcher) : watcher)
      tellWatchers()
    }
    return .stream(200, stream, ["Content-Type": "application/json"])
  }

  /// Tells a watcher what there is, and that this is all of it.
  private func listed(_ watcher: Watcher) -> Watcher {
    var watcher = watcher
    let all = store.all(watcher.target.resource, in: watcher.target.namespace)
    for object in all where watcher.selector.selects(object) { watcher.say("ADDED", object) }
    watcher.told = store.version
    watcher.say(
      "BOOKMARK",
      [
        "kind": .string(watcher.target.resource.kind),
        "apiVersion": .string(watcher.target.resource.apiVersion),
        "metadata": [
          "resourceVersion": .string("\(store.version)"),
          "annotations": ["k8s.io/initial-events-end": "true"],
        ],
      ])
    return watcher
  }

  public var watchCount: Int { watchers.count }

  func tellWatchers() {
    guard !holdsBack else { return }
    for index in watchers.indices { watchers[index].tell(store) }
  }

  /// Whether watches hear nothing for now.
  public func set(holdsBack: Bool) {
    self.holdsBack = holdsBack
    tellWatchers()
  }

  /// Tells how far things are, where nothing happened.
  public func sendBookmarks() {
    for watcher in watchers {
      watcher.say(
        "BOOKMARK",
        [
          "kind": .string(watcher.target.resource.kind),
          "apiVersion": .string(watcher.target.resource.apiVersion),
          "metadata": ["resourceVersion": .string("\(store.version)")],
        ])
    }
  }

  /// Ends all watches, as a server does from time to time.
  public func endWatches() {
    for watcher in watchers { watcher.feed.finish() }
    watchers = []
  }

  /// Says something to all who watch that is no event.
  public func garble() { for watcher in watchers { watcher.feed.yield(Array("{\n".utf8)) } }

  /// What happened until now is not known any more, and nor is what pages are of.
  public func compact() {
    store.forget()
    forgetPages()
  }
}
