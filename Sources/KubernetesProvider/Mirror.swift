import HTTP
import JSON
import Model
import Planning

/// The objects of one kind as the API server shows them: listed, and from the second time on followed by
/// a watch, so that a process that looks often does not ask for all of it each time.
///
/// A watch goes on from the version where the last one ended. What can't be gone on from (410, an event
/// that can't be read, a connection that is lost, silence) ends it, and the next look lists anew.
actor Mirror<Object: KubeObject> {
  private let way: Way
  private let path: String
  private let query: [Request.Field]
  private let now: @Sendable () -> Timestamp
  private var objects: [Key: Object] = [:]
  private var unreadableCount = 0
  private var version = ""
  private var lists = 0
  /// Counts watches, so that what an older one still says goes unheard.
  private var watches = 0
  private var following: Task<Void, Never>?
  private var heard = 0
  private var heardAt = Timestamp(seconds: 0)

  private struct Key: Hashable {
    var namespace: String
    var name: String

    init(_ meta: Meta) {
      namespace = meta.namespace
      name = meta.name
    }
  }

  /// Asked for with each watch; servers end them by themselves then.
  private static var watchSeconds: Int { 300 }
  /// Bookmarks come every minute: who is silent for longer is not there any more.
  private static var silenceSecondsMax: Int64 { 150 }
  private static var lineBytesMax: Int { 8 << 20 }

  init(
    _ path: String, _ way: Way, _ query: [Request.Field] = [],
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.path = path
    self.query = query
    self.way = way
    self.now = now
  }

  deinit { following?.cancel() }

  /// As the watch left it; nil where none follows.
  var current: Listing<Object>? {
    guard following != nil, (now() - heardAt).count <= Self.silenceSecondsMax else { return nil }
    return listing
  }

  private var listing: Listing<Object> {
    var listing = Listing<Object>()
    listing.objects = Array(objects.values)
    listing.unreadableCount = unreadableCount
    listing.version = version
    return listing
  }

  /// As it is now.
  func listed() async throws(Failure) -> Listing<Object> {
    let whole: Listing<Object> = try await way.list(path, query)
    watches += 1
    following?.cancel()
    following = nil
    objects = Dictionary(whole.objects.map { (Key($0.meta), $0) }) { $1 }
    unreadableCount = whole.unreadableCount
    version = whole.version
    lists += 1
    // What is unreadable has no name by which an event could mend it.
    if lists > 1, unreadableCount == 0, !version.isEmpty { follow() }
    return whole
  }

  private func follow() {
    heardAt = now()
    let number = watches
    following = Task { [weak self, way, path, query] in
      while !Task.isCancelled, let start = await self?.start(of: number) {
        let fields: [Request.Field] = [
          .init("watch", "1"), .init("allowWatchBookmarks", "true"),
          .init("resourceVersion", start.version), .init("timeoutSeconds", "\(Self.watchSeconds)"),
        ]
        let isFine = await way.watch(
          path, query + fields, secondsMax: Self.watchSeconds + 30, lineBytesMax: Self.lineBytesMax
        ) { [weak self] line in
          await self?.take(line, of: number) ?? false
        }
        // One that ends before it has said anything would only do so again.
        guard isFine, await self?.start(of: number)?.heard != start.heard else { break }
      }
      await self?.end(number)
    }
  }

  /// From where a watch goes on, and how much was heard so far; nil where it is over.
  private func start(of number: Int) -> (version: String, heard: Int)? {
    number == watches ? (version, heard) : nil
  }

  private func end(_ number: Int) { if number == watches { following = nil } }

  /// Takes one event in; whether it could. One that it could not leaves a gap, which only a list closes.
  private func take(_ line: ArraySlice<UInt8>, of number: Int) -> Bool {
    guard number == watches else { return false }
    do throws(JSONProblem) {
      var reader = JSONReader(Array(line))
      var type = ""
      var object = Object()
      try reader.object { (name, reader) throws(JSONProblem) in
        switch name {
        case "type": type = try reader.text()
        case "object": object = try Object(&reader)
        default: break
        }
      }
      try reader.end()
      if apply(type, object) {
        heard += 1
        heardAt = now()
        return true
      }
      return isOver()
    } catch { return isOver() }
  }

  private func isOver() -> Bool {
    following = nil
    watches += 1
    return false
  }

  private func apply(_ type: String, _ object: Object) -> Bool {
    guard !object.meta.version.isEmpty else { return false }
    switch type {
    case "ADDED", "MODIFIED":
      guard object.isUsable else { return false }
      objects[Key(object.meta)] = object
    case "DELETED": objects[Key(object.meta)] = nil
    case "BOOKMARK": break
    default: return false
    }
    version = object.meta.version
    return true
  }
}
