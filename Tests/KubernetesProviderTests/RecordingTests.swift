import Foundation
import HTTP
import KubernetesImitation
import Loopback
import Testing

/// What a real API server (1.36.3) answered is what the imitation answers, as far as it says anything.
/// The recordings lie outside of this repository, beside it; where they are not, this is skipped.
@Suite(.enabled(if: Recording.isThere)) struct RecordingTests {
  /// The imitation knows each request, gives its status, and says nothing else than the recording.
  @Test(arguments: ["apply", "bind", "evict-delete", "lease", "service", "crd"])
  func theImitationAnswersAlike(_ topic: String) async throws {
    let imitation = Imitation()
    let loopback = try await Loopback { await imitation.reply(to: $0) }
    let server = try Server(Address("http://127.0.0.1:\(loopback.port)"))
    // Later topics go on with what earlier ones made.
    let before = ["apply", "bind", "list-watch"].filter { $0 != topic }
    if topic == "bind" {
      for exchange in try Recording.all("apply") { _ = try await exchange.ask(server, [:]) }
    } else if topic != "apply" {
      for earlier in before {
        for exchange in try Recording.all(earlier) where !exchange.isWatch {
          _ = try await exchange.ask(server, [:])
        }
      }
    }
    var uids: [String: String] = [:]
    for exchange in try Recording.all(topic) where !exchange.isWatch {
      let answer = try await exchange.ask(server, uids)
      // Only of an apply, and only there: a broken body is told of in a server's own words.
      guard !exchange.isOfSchema else { continue }
      #expect(answer.status == exchange.status, "\(exchange)")
      let said = try Tree(answer.body)
      if let mine = said[["metadata", "uid"]]?.string,
        let theirs = exchange.body[["metadata", "uid"]]?.string
      {
        uids[theirs] = mine
        let versions = ["metadata", "resourceVersion"]
        if let mine = said[versions]?.string, let theirs = exchange.body[versions]?.string {
          uids["version \(theirs)"] = mine
        }
      }
      for (path, leaf) in said.leaves where !Self.isChance(path) {
        #expect(exchange.body[path] == leaf, "\(exchange): \(path)")
      }
    }
  }

  /// What is another one at each run, and texts of which only the beginning is promised.
  private static func isChance(_ path: [String]) -> Bool {
    let last = path.last ?? ""
    return ["uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"].contains(last)
      || ["containers", "conditions", "message", "causes", "allocatable", "capacity", "versions"]
        .contains { path.contains($0) }
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
  var path: String { request["path"]?.string ?? "" }
  var isWatch: Bool { path.contains("watch=") }
  var isOfSchema: Bool { path.contains("fieldValidation") || note.hasPrefix("broken JSON") }
  var description: String { "\(request["method"]?.string ?? "") \(path) (\(note))" }

  /// With the uids and versions that the server at hand gave instead of the recorded ones.
  func ask(_ server: Server, _ uids: [String: String]) async throws -> Answer {
    var text = request["body"].map { $0.string ?? $0.text } ?? ""
    for (theirs, mine) in uids {
      if theirs.hasPrefix("version ") {
        text = text.replacing(
          "\"resourceVersion\":\"\(theirs.dropFirst(8))\"", with: "\"resourceVersion\":\"\(mine)\"")
      } else {
        text = text.replacing(theirs, with: mine)
      }
    }
    let parts = path.split(separator: "?", maxSplits: 1)
    let query = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1).map {
        String($0).removingPercentEncoding ?? ""
      }
      return Request.Field(sides[0], sides.count > 1 ? sides[1] : "")
    }
    let headers = (request["headers"]?.members ?? [:]).compactMap { name, value in
      value.string.map { Request.Field(name, $0) }
    }
    let method = try #require(Request.Method(rawValue: request["method"]?.string ?? ""))
    return try await server.answer(
      to: Request(
        method, String(parts[0]), query: query, headers: headers, body: Array(text.utf8),
        secondsMax: 60, answerBytesMax: 16 << 20))
  }
}
