import Balancing
import Foundation
import HAProxyBalancer
import Loopback
import Model
import Planning
import Synchronization
import Testing

/// What a replica has at hand: requests that wait until they are let go.
private final class Desk: Sendable {
  private struct State {
    var isHeld = false
    var isWell = true
    var asked = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  var asked: Int { state.withLock(\.asked) }
  var isWell: Bool { state.withLock(\.isWell) }

  func fail() { state.withLock { $0.isWell = false } }
  func hold() { state.withLock { $0.isHeld = true } }

  func letGo() {
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      state.isHeld = false
      return state.waiting
    }
    for request in waiting { request.resume() }
  }

  func take() async {
    await withCheckedContinuation { request in
      let isFree = state.withLock { state in
        state.asked += 1
        if state.isHeld { state.waiting.append(request) }
        return !state.isHeld
      }
      if isFree { request.resume() }
    }
  }
}

/// A little server that says its name, and whether it is well.
private struct Replica {
  let desk = Desk()
  let loopback: Loopback

  init(_ name: String) async throws {
    loopback = try await Loopback { [desk] asked in
      let close = ["Connection": "close"]
      if asked.path == "/healthz" { return .text(desk.isWell ? 200 : 503, "", close) }
      await desk.take()
      return .text(200, "", ["Connection": "close", "Replica": name])
    }
  }
}

/// Comes back once `isSo`, or gives up.
private func wait(
  _ what: Comment, secondsMax: Int = 30, until isSo: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + .seconds(secondsMax)
  while ContinuousClock.now < end {
    if try await isSo() { return }
    try await Task.sleep(for: .milliseconds(50))
  }
  Issue.record(what)
}

/// With `SETPOINT_TEST_HAPROXY=1`, as `make test-haproxy` sets it.
@Suite(
  .enabled(if: ProcessInfo.processInfo.environment["SETPOINT_TEST_HAPROXY"] == "1"), .serialized)
struct RealHAProxyTests {
  let balancer = HAProxyBalancer(searchPath: "/usr/bin:/bin")

  @Test func allThatIsWrittenIsUnderstood() async throws {
    let haproxy = try RealHAProxy(withSocket: false)
    func odd(_ ordinal: Int, _ node: String, _ address: String) -> EndpointTable.Server {
      EndpointTable.Server(
        Standing(ReplicaID(WorkloadName("chat"), ordinal), on: NodeID(lab, node)),
        address: address, port: 8080 + ordinal)
    }
    var table = table(
      [
        odd(0, "gpu-1", "127.0.0.1"), odd(1, "gpu 2 # \"é\" \\", "127.0.0.1"), odd(2, "v6", "::1"),
        odd(3, "named", "no-such-host.invalid"), odd(4, "gpu_4.lab", "localhost"),
      ], health: "/v1/models?ready=1&all=%20")
    table.services.append(EndpointTable.Service(WorkloadName("empty")))
    table.services[0].unreachable = [
      EndpointTable.Unreachable(
        Standing(ReplicaID(WorkloadName("chat"), 9), on: NodeID(lab, "x")), .noAddress)
    ]
    try await balancer.publish(table, in: haproxy.cluster)
    #expect(try haproxy.reloads == 1)
  }

  @Test func openRequestsAreSpreadByWeight() async throws {
    let haproxy = try RealHAProxy(withSocket: false)
    let (large, small) = (try await Replica("large"), try await Replica("small"))
    large.desk.hold()
    small.desk.hold()
    try await balancer.publish(
      table([
        server(0, port: large.loopback.port, weight: 100),
        server(1, port: small.loopback.port, weight: 50),
      ]), in: haproxy.cluster)
    async let answers = haproxy.ask(60)
    try await wait("all arrive") { large.desk.asked + small.desk.asked == 60 }
    large.desk.letGo()
    small.desk.letGo()
    let names = try await answers
    #expect(names.count { $0 == "large 200" } == 40)
    #expect(names.count { $0 == "small 200" } == 20)
  }

  @Test(arguments: [false, true])
  func whoDrainsEndsWhatItHasAndGetsNothingNew(withSocket: Bool) async throws {
    let haproxy = try RealHAProxy(withSocket: withSocket)
    let (leaving, staying) = (try await Replica("leaving"), try await Replica("staying"))
    func published(_ state: EndpointTable.State) -> EndpointTable {
      table([
        server(0, port: leaving.loopback.port, state), server(1, port: staying.loopback.port),
      ])
    }
    try await balancer.publish(published(.ready), in: haproxy.cluster)
    leaving.desk.hold()
    staying.desk.hold()
    async let open = haproxy.ask(4)
    try await wait("two each") { leaving.desk.asked == 2 && staying.desk.asked == 2 }
    staying.desk.letGo()

    try await balancer.publish(published(.drain), in: haproxy.cluster)
    let later = try await haproxy.ask(20)
    #expect(later.count { $0 == "staying 200" } == 20)
    #expect(leaving.desk.asked == 2)
    leaving.desk.letGo()
    #expect(try await open.count { $0 == "leaving 200" } == 2)
    #expect(try await open.count { $0 == "staying 200" } == 2)
    #expect(try haproxy.reloads == (withSocket ? 1 : 2))

    // Wanted again, it gets its part again.
    try await balancer.publish(published(.ready), in: haproxy.cluster)
    #expect(Set(try await haproxy.ask(20)) == ["leaving 200", "staying 200"])
  }

  @Test func theDeadAndTheSickAreLeftOut() async throws {
    let haproxy = try RealHAProxy(withSocket: false)
    let (dead, sick, well) = (
      try await Replica("dead"), try await Replica("sick"), try await Replica("well")
    )
    try await balancer.publish(
      table(
        [dead, sick, well].enumerated().map { server($0, port: $1.loopback.port) },
        health: "/healthz"), in: haproxy.cluster)
    #expect(Set(try await haproxy.ask(30)) == ["dead 200", "sick 200", "well 200"])
    try await dead.loopback.close()
    sick.desk.fail()
    let fromNowOn = try await haproxy.ask(30)
    #expect(fromNowOn.allSatisfy { $0.hasSuffix(" 200") }, "what does not connect goes elsewhere")
    try await wait("only the one that is well is asked") {
      Set(try await haproxy.ask(30)) == ["well 200"]
    }
  }

  /// HAProxy goes on as it was, and would start again with what it had.
  @Test func whatHAProxyDoesNotTakeChangesNothing() async throws {
    let haproxy = try RealHAProxy(withSocket: false)
    let replica = try await Replica("chat")
    try await balancer.publish(
      table([server(0, port: replica.loopback.port)]), in: haproxy.cluster)
    let good = try haproxy.place.text("lab.cfg")
    await #expect(throws: Failure.self) {
      try await balancer.publish(table([server(0, port: 99_999)]), in: haproxy.cluster)
    }
    #expect(try haproxy.place.text("lab.cfg") == good)
    #expect(try await haproxy.ask(5).allSatisfy { $0 == "chat 200" })
    #expect(try haproxy.reloads == 1)
  }
}
