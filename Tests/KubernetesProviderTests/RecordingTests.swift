import Foundation
import HTTP
import KubernetesImitation
import Loopback
import Testing

/// What a real API server (1.36.3) answered is what the imitation answers, as far as it says anything.
/// The recordings lie outside of this repository, beside it; where they are not, this is skipped.
@Suite(.enabled(if: Recording.isThere)) struct RecordingTests {
  /// The imitation knows each request, gives its status, and says nothing else than the recording.
  @Test(
    arguments: [
      "discovery", "apply", "bind", "list-watch", "evict-delete", "lease", "service", "crd",
    ])
  func theImitationAnswersAlike(_ topic: String) async throws {
    let replay = try await Replay(before: topic)
    for exchange in try Recording.all(topic) {
      if exchange.isWatch {
        let events = try await replay.watch(exchange)
        for (mine, theirs) in zip(events, exchange.events) {
          #expect(Differences(mine, theirs).paths == [], "\(exchange)")
        }
        #expect(events.count == exchange.events.count, "\(exchange)")
        continue
      }
      let answer = try await replay.ask(exchange)
      // Only of an apply, and only there: a broken body is told of in a server's own words.
      guard !exchange.isOfSchema else { continue }
      #expect(answer.status == exchange.status, "\(exchange)")
      // Of what is no JSON, only that it is none.
      guard exchange.body.string == nil else { continue }
      #expect(Differences(try Tree(answer.body), exchange.body).paths == [], "\(exchange)")
    }
  }

  /// The comparison itself: what is another one at each run is passed over, and nothing else is.
  @Test func whatIsAnotherIsFound() throws {
    func paths(_ mine: Tree, _ theirs: Tree) -> [String] { Differences(mine, theirs).paths }
    #expect(paths(["a": 1, "uid": "x"], ["a": 1, "b": 2, "uid": "y"]) == [])
    #expect(paths(["a": 2], ["a": 1]) == ["a"])
    #expect(paths(["c": 2], ["a": 1]) == ["c"])
    #expect(paths(["items": [["a": 1]]], ["items": [["a": 1], ["a": 2]]]) == ["items"])
    #expect(paths(["items": [["a": 2]]], ["items": [["a": 1]]]) == ["items.0.a"])
    let groups: Tree = ["groups": [["name": "b", "v": 1], ["name": "a", "v": 2]]]
    #expect(paths(["groups": [["name": "a", "v": 2]]], groups) == [])
    #expect(paths(["groups": [["name": "a", "v": 1]]], groups) == ["groups.a.v"])
    #expect(paths(["groups": [["name": "c"]]], groups) == ["groups.c"])
  }
}

/// What the imitation says and the recording does not.
private struct Differences {
  var paths: [String] = []

  init(_ mine: Tree, _ theirs: Tree) { compare(mine, theirs, []) }

  private mutating func compare(_ mine: Tree, _ theirs: Tree?, _ path: [String]) {
    if Self.isChance(path) { return }
    switch (mine, theirs) {
    case (.object(let members), .object?):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) where member != .null {
        compare(member, theirs?[name], path + [name])
      }
    case (.object(let members), nil) where members.isEmpty: break
    case (.array(let items), .array(let others)?):
      if ["groups", "resources"].contains(path.last) {
        // The imitation has some of them.
        for item in items {
          let name = item["name"]?.string ?? ""
          compare(item, others.first { $0["name"] == item["name"] }, path + [name])
        }
      } else if items.count != others.count {
        paths.append(path.joined(separator: "."))
      } else {
        for (index, pair) in zip(items, others).enumerated() {
          compare(pair.0, pair.1, path + ["\(index)"])
        }
      }
    default: if mine != theirs { paths.append(path.joined(separator: ".")) }
    }
  }

  /// What is another one at each run, and texts of which only the beginning is promised.
  private static func isChance(_ path: [String]) -> Bool {
    let last = path.last ?? ""
    let chance = [
      "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "continue",
      "serverAddress",
    ]
    return chance.contains(last)
      || ["containers", "conditions", "message", "causes", "allocatable", "capacity"].contains(last)
      || path.first == "spec" && last == "versions"
  }
}

/// An imitation that is asked what the real one was asked.
private final class Replay {
  private let imitation = Imitation(token: "secret")
  private let loopback: Loopback
  private let server: Server
  /// What stands in a recording, and what the imitation has instead.
  private var mine: [(theirs: String, mine: String)] = []

  /// Later topics go on with what earlier ones made.
  init(before topic: String) async throws {
    let imitation = imitation
    loopback = try await Loopback { await imitation.reply(to: $0) }
    server = try Server(Address("http://127.0.0.1:\(loopback.port)"))
    let order = ["apply", "bind", "list-watch"]
    for earlier in order.prefix(order.firstIndex(of: topic) ?? order.count)
    where topic != "discovery" {
      for exchange in try Recording.all(earlier) where !exchange.isWatch && !exchange.isOfSchema {
        _ = try await ask(exchange)
      }
    }
  }

  func ask(_ exchange: Recording) async throws -> Answer {
    let answer = try await server.answer(to: exchange.request(with: mine))
    if answer.isSuccess, exchange.body.string == nil { learn(try Tree(answer.body), exchange.body) }
    return answer
  }

  private func learn(_ said: Tree, _ recorded: Tree) {
    for name in ["uid", "resourceVersion", "continue"] {
      guard let own = said[["metadata", name]]?.string,
        let theirs = recorded[["metadata", name]]?.string
      else { continue }
      switch name {
      case "resourceVersion":
        mine.append(("\"resourceVersion\":\"\(theirs)\"", "\"resourceVersion\":\"\(own)\""))
        mine.append(("resourceVersion=\(theirs)&", "resourceVersion=\(own)&"))
      case "continue": mine.append(("continue=\(theirs)", "continue=\(own)"))
      default: mine.append((theirs, own))
      }
    }
  }

  /// What a watch tells while what the recorded one told of is done again.
  func watch(_ exchange: Recording) async throws -> [Tree] {
    let request = try exchange.request(with: mine)
    let (lines, source) = AsyncStream.makeStream(of: [UInt8].self)
    let server = server
    let watching = Task {
      defer { source.finish() }
      return try await server.lines(of: request) { line in
        source.yield(Array(line))
        return true
      }
    }
    while await imitation.watchCount == 0 { await Task.yield() }
    if exchange.note.hasPrefix("watch from a version") {
      try await act(exchange.events)
      for _ in exchange.events.filter({ $0["type"] == "BOOKMARK" }) {
        await imitation.sendBookmarks()
      }
    }
    await imitation.endWatches()
    var events: [Tree] = []
    for await line in lines { events.append(try Tree(line)) }
    #expect(try await watching.value.status == exchange.status)
    return events
  }

  /// One pod's life, from what was told of it.
  private func act(_ events: [Tree]) async throws {
    let pods = "/api/v1/namespaces/setpoint-rec/pods"
    let hand = Hand(server, .bearer("secret"))
    for event in events {
      guard var pod = event["object"], let name = pod.metaName else { continue }
      if event["type"] == "ADDED" {
        pod["status"] = nil
        pod["metadata"] = ["name": .string(name), "labels": pod[["metadata", "labels"]] ?? [:]]
        try await hand.ask(.post, pods, pod)
      } else if pod[["metadata", "deletionTimestamp"]] != nil {
        // The first of two events tells of it.
        if event["type"] == "MODIFIED" { try await hand.ask(.delete, "\(pods)/\(name)") }
      } else if pod[["status", "phase"]] == "Pending" {
        try await hand.ask(
          .post, "\(pods)/\(name)/binding",
          [
            "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(name)],
            "target": ["kind": "Node", "name": pod[["spec", "nodeName"]] ?? ""],
          ])
      } else {
        try await hand.ask(
          .patch, "\(pods)/\(name)/status", ["status": pod["status"] ?? [:]],
          type: "application/merge-patch+json")
      }
    }
  }
}

/// One request with its answer.
private struct Recording: CustomStringConvertible {
  let request: Tree
  let response: Tree
  let note: String

  private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/engines/kubernetes")

  static var isThere: Bool { FileManager.default.fileExists(atPath: directory.path) }

  static func all(_ topic: String) throws -> [Recording] {
    let text = try String(
      contentsOf: directory.appending(path: "\(topic).jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      // Seconds of a watch have fractions, which none of our documents has.
      let whole = line.replacing(/"at": [0-9.]+/, with: "\"at\": 0")
      let tree = try Tree(Array(whole.utf8))
      return Recording(
        request: tree["request"] ?? [:], response: tree["response"] ?? [:],
        note: tree["note"]?.string ?? "")
    }
  }

  var status: Int { response["status"]?.integer ?? 0 }
  var body: Tree { response["body"] ?? [:] }
  /// Of a watch.
  var events: [Tree] { response["watch"]?.items.compactMap { $0["line"] } ?? [] }
  private var path: String { request["path"]?.string ?? "" }
  var isWatch: Bool { path.contains("watch=") }
  var isOfSchema: Bool { path.contains("fieldValidation") || note.hasPrefix("broken JSON") }
  var description: String { "\(request["method"]?.string ?? "") \(path) (\(note))" }

  /// With what the server at hand gave instead of the recorded uids, versions and pages.
  func request(with mine: [(theirs: String, mine: String)]) throws -> Request {
    var text = request["body"].map { $0.string ?? $0.text } ?? ""
    var path = path
    for (theirs, own) in mine.reversed() {
      text = text.replacing(theirs, with: own)
      path = path.replacing(theirs, with: own)
    }
    let parts = path.split(separator: "?", maxSplits: 1)
    let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1).map {
        String($0).removingPercentEncoding ?? ""
      }
      return Request.Field(sides[0], sides.count > 1 ? sides[1] : "")
    }
    var headers = (request["headers"]?.members ?? [:]).compactMap { name, value in
      value.string.map { Request.Field(name, $0) }
    }
    // Whoever was let in, the recording does not say by what.
    if note != "no credentials", !headers.contains(where: { $0.name == "Authorization" }) {
      headers.append(.init("Authorization", "Bearer secret"))
    }
    let method = try #require(Request.Method(rawValue: request["method"]?.string ?? ""))
    return Request(
      method, String(parts[0]), query: query, headers: headers, body: Array(text.utf8),
      secondsMax: 60, answerBytesMax: 16 << 20)
  }
}
