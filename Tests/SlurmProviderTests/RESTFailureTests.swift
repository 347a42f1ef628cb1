import Foundation
import HTTP
import Loopback
import Model
import Planning
import ProviderContract
import Testing

@testable import SlurmProvider

/// What becomes of a slurmrestd that does not do what it should: a failure that says why, and never an
/// empty cluster.
@Suite struct RESTFailureTests {
  /// A look is tried again; of a change it has to be seen whether it happened.
  @Test(
    arguments: [
      (
        .text(500, #"{"errors": [{"error": "Unspecified error", "errno": -1}], "nodes": []}"#),
        "Unspecified error"
      ),
      (.text(200, #"{"errors": [{"error": "Unspecified error"}], "nodes": []}"#), "Unspecified"),
      (.text(503, "<html>"), "HTTP 503"), (.text(302, ""), "HTTP 302"),
      (.text(200, "{"), "gave what can't be read"),
      (.raw("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"nodes\": ["), "broke"),
      (.raw(""), "broke"), (.raw("not HTTP at all\r\n\r\n"), "slurmrestd at http"),
      (.silence, "no answer in 2 s"),
    ] as [(Loopback.Reply, String)])
  func noAnswerThatCanBeUsed(_ reply: Loopback.Reply, _ words: String) async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    restd.says("GET /slurm/v0.0.38/nodes", reply)
    restd.says("DELETE /slurm/v0.0.38/job/7", reply)
    guard case .transient(let look)? = await failure({ _ = try await restd.controller.nodes() })
    else {
      Issue.record("it looked")
      return
    }
    #expect(look.contains(words))
    guard
      case .unknown(let change)? = await failure({
        try await restd.controller.carryOut(.cancel(jobs: [7]))
      })
    else {
      Issue.record("it is known what happened")
      return
    }
    #expect(change.contains(words))
  }

  @Test(arguments: ["", "[]", "{}", #"{"nodes": {}}"#, #"{"nodes": ["#, #"{"nodes": []} x"#])
  func listsThatAreNone(_ body: String) async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    restd.says("GET /slurm/v0.0.38/nodes", .text(200, body))
    let said = await failure { _ = try await restd.controller.nodes() }
    #expect(said?.description.contains("gave what can't be read") == true)
  }

  @Test func aControllersTimeThatIsNone() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    restd.says("GET /slurm/v0.0.38/diag", .text(200, #"{"statistics": {}}"#))
    let said = await failure { _ = try await restd.controller.jobs() }
    #expect(said?.description.contains("'req_time'") == true)
  }

  @Test(arguments: [
    ("Access/permission denied", "terminal"), ("Invalid user id", "terminal"),
    ("Requested nodes are busy", "conflict"), ("Job/step already completing", "transient"),
    ("Unable to contact slurm controller (connect failure)", "transient"),
  ])
  func refusals(_ error: String, _ kind: String) async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    restd.says(
      "POST /slurm/v0.0.38/job/7", .text(500, #"{"errors": [{"error": "\#(error)"}]}"#))
    var stage = Stage()
    stage.add("n1")
    stage.add(job: 7, Fixture.start(Fixture.workload(), on: "n1"), on: "n1")
    let tag = try #require(stage.jobs.elements[0].order)
    let said = await failure { try await restd.controller.carryOut(.mark(job: 7, tag)) }
    switch said {
    case .terminal("slurmrestd: \(error)"): #expect(kind == "terminal")
    case .conflict("slurmrestd: \(error)"): #expect(kind == "conflict")
    case .transient("slurmrestd: \(error)"): #expect(kind == "transient")
    default: Issue.record("\(String(describing: said))")
    }
  }

  // MARK: Who asks

  @Test func aTokenThatIsRefused() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    for status in [401, 403] {
      restd.says("GET /slurm/v0.0.38/nodes", .text(status, "Authentication failure"))
      restd.says("DELETE /slurm/v0.0.38/job/7", .text(status, "Authentication failure"))
      let said = Failure.transient(
        "slurmrestd refuses user 'ops' (HTTP \(status)): is the token that user's, and of this Slurm?"
      )
      #expect(await failure { _ = try await restd.controller.nodes() } == said)
      #expect(
        await failure { try await restd.controller.carryOut(.cancel(jobs: [7])) } == said)
    }
  }

  /// Whoever renews the file has done all there is to do.
  @Test func aTokenIsReadAgain() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    _ = try await restd.controller.nodes()
    try restd.renew("SLURM_JWT=def\n")
    _ = try await restd.controller.nodes()
    #expect(restd.asked.first?["x-slurm-user-token"] == "abc")
    #expect(restd.asked.last?["x-slurm-user-token"] == "def")
    let count = restd.asked.count
    for text in ["", " \n", "two words", "a\u{7}b"] {
      try restd.renew(text)
      let said = await failure { _ = try await restd.controller.nodes() }
      #expect(said?.description.hasPrefix("no token for slurmrestd in file '") == true)
    }
    #expect(restd.asked.count == count)
  }

  /// With the claims {"exp": 900}, {"exp": 1000} and {"exp": 1001, "sun": "ops?~"}, at 1000.
  @Test func aTokenWhoseTimeIsOver() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded(), token: "e30.eyJleHAiOiA5MDB9.x")
    let said = await failure { _ = try await restd.controller.nodes() }
    #expect(
      said?.description.hasSuffix("has expired 100 s ago: `scontrol token` makes another") == true)
    try restd.renew("e30.eyJleHAiOiAxMDAwfQ.x")
    #expect(await failure { _ = try await restd.controller.nodes() } != nil)
    #expect(restd.asked.isEmpty)
    try restd.renew("e30.eyJleHAiOiAxMDAxLCAic3VuIjogIm9wcz9-In0.x")
    _ = try await restd.controller.nodes()
    for other in ["a.b", "a.%.c", "a.e30.c", "a.bm8.c"] {
      #expect(RESTToken.expiry(of: other) == nil)
    }
  }

  @Test func tokensThatAreNotThere() throws {
    let now = Timestamp(seconds: 0)
    func read(_ rest: SlurmREST, _ variables: [String: String] = [:]) -> Result<String, Failure> {
      do throws(Failure) {
        return .success(try RESTToken.read(rest, variable: { variables[$0] }, at: now))
      } catch {
        return .failure(error)
      }
    }
    #expect(
      read(SlurmREST(tokenFile: "/nonexistent/t"))
        == .failure(.transient("can't read file '/nonexistent/t': No such file or directory")))
    #expect(
      read(SlurmREST(tokenVariable: "T"))
        == .failure(
          .transient("no token for slurmrestd in variable T: `scontrol token` makes one")))
    #expect(read(SlurmREST(tokenVariable: "T"), ["T": "abc"]) == .success("abc"))
    #expect(
      read(SlurmREST(tokenFile: "/dev/zero"))
        == .failure(.transient("can't read file '/dev/zero': it has more than 65536 bytes")))
  }

  // MARK: Where

  @Test func nobodyThere() async throws {
    let server = try await Loopback { _ in .silence }
    try await server.close()
    let rest = SlurmREST(
      address: "http://127.0.0.1:\(server.port)", user: "ops", tokenVariable: "T")
    let door = RESTDoor(rest, secondsMax: 2, variable: { _ in "abc" }, now: { .init(seconds: 0) })
    for purpose in [RESTDoor.Purpose.look, .change] {
      let said = await failure { _ = try await door.answer(.get, "/x", for: purpose) }
      guard case .transient(let text) = said else {
        Issue.record("\(String(describing: said))")
        return
      }
      #expect(text.contains("no connection"))
    }
  }

  @Test func settingsThatCantBeUsed() async throws {
    var rest = SlurmREST(address: "https://127.0.0.1:1", user: "ops", tokenVariable: "T")
    func said() async -> String? {
      let door = RESTDoor(rest, secondsMax: 2, variable: { _ in "abc" }, now: { .init(seconds: 0) })
      return await failure { _ = try await door.answer(.get, "/x", for: .look) }?.description
    }
    rest.authorities = "/nonexistent/ca.pem"
    #expect(await said() == "can't read file '/nonexistent/ca.pem': No such file or directory")
    rest.authorities = "/dev/null"
    #expect(await said()?.contains("no PEM") == true)
    rest.address = "https://127.0.0.1:70000"
    rest.authorities = nil
    #expect(await said()?.contains("https://127.0.0.1:70000") == true)
  }

  /// One Slurm that is gone is no reason not to look at another.
  @Test func othersGoOn() async throws {
    let restd = try await FakeRestd(FakeRestd.recorded())
    let provider = SlurmProvider(
      searchPath: "/nonexistent", variable: { _ in nil }, now: { Recorded.at })
    var dead = restd.settings
    dead.rest?.address = "http://127.0.0.1:1"
    #expect(await failure { _ = try await provider.observe(Fixture.slurm(dead)) } != nil)
    let seen = try await provider.observe(Fixture.slurm(restd.settings))
    #expect(seen.nodes.count == 3)
  }
}
