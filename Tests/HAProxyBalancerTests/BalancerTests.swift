import Balancing
import Foundation
import HAProxyBalancer
import Model
import Planning
import Testing

/// A directory that goes with its test.
final class Place: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "haproxy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appending(path: name).path() }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }

  func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path()).sorted() }
  }

  deinit {
    do { try FileManager.default.removeItem(at: url) } catch { return }
  }
}

let lab = ClusterName("lab")

func server(
  _ ordinal: Int, port: Int, weight: Int = 100, _ state: EndpointTable.State = .ready
) -> EndpointTable.Server {
  EndpointTable.Server(
    Standing(ReplicaID(WorkloadName("chat"), ordinal), on: NodeID(lab, "gpu-\(ordinal)")),
    address: "127.0.0.1", port: port, weight: weight, state: state)
}

func table(_ servers: [EndpointTable.Server], health: String? = nil) -> EndpointTable {
  EndpointTable(
    cluster: lab,
    services: [EndpointTable.Service(WorkloadName("chat"), health: health, servers: servers)])
}

/// What becomes of the file, and when HAProxy is told; a script stands for HAProxy here.
@Suite struct BalancerTests {
  let place: Place
  let one = table([server(0, port: 1)])
  let other = table([server(0, port: 2)])

  init() throws { place = try Place() }

  func cluster(_ reload: [String]? = nil, timeout: Seconds = Seconds(30)) -> ClusterSpec {
    let counting = ["sh", "-c", "echo reload >> '\(place.path("log"))'"]
    return ClusterSpec(
      metadata: Metadata(name: "lab"), region: "r", zones: ["z"],
      haproxy: HAProxySettings(
        file: place.path("lab.cfg"), reload: reload ?? counting, timeout: timeout))
  }

  let balancer = HAProxyBalancer(searchPath: "/usr/bin:/bin")

  @Test func aChangeIsWrittenAndHeard() async throws {
    try await balancer.publish(one, in: cluster())
    #expect(try place.text("lab.cfg") == HAProxyText.file(one))
    try await balancer.publish(other, in: cluster())
    #expect(try place.text("lab.cfg") == HAProxyText.file(other))
    #expect(try place.text("log") == "reload\nreload\n")
    #expect(try place.names == ["lab.cfg", "log"], "nothing else is left")
  }

  @Test func theSameIsNotToldTwice() async throws {
    try await balancer.publish(one, in: cluster())
    try await balancer.publish(one, in: cluster())
    // Nor by another process.
    try await HAProxyBalancer(searchPath: "/usr/bin:/bin").publish(one, in: cluster())
    #expect(try place.text("log") == "reload\n")
  }

  @Test func whatSomebodyElseWroteIsMended() async throws {
    try await balancer.publish(one, in: cluster())
    try place.write("backend lab.chat\n", "lab.cfg")
    try await balancer.publish(one, in: cluster())
    #expect(try place.text("lab.cfg") == HAProxyText.file(one))
    #expect(try place.text("log") == "reload\nreload\n")
  }

  @Test func aFileThatIsNotTakenIsPutBack() async throws {
    try await balancer.publish(one, in: cluster())
    let failing = cluster(["sh", "-c", "echo 'lab.cfg:7: no such thing' >&2; exit 3"])
    let failure = await #expect(throws: Failure.self) {
      try await balancer.publish(other, in: failing)
    }
    #expect("\(failure.map { "\($0)" } ?? "")".hasSuffix("status 3: lab.cfg:7: no such thing"))
    #expect(try place.text("lab.cfg") == HAProxyText.file(one))
    try await balancer.publish(other, in: cluster())
    #expect(try place.text("lab.cfg") == HAProxyText.file(other))
    #expect(try place.text("log") == "reload\nreload\n")
  }

  /// Whoever died between the file and the reload is made up for.
  @Test func whatNobodyHeardOfIsToldAgain() async throws {
    try place.write(HAProxyText.file(one), "lab.cfg")
    try place.write("", "lab.cfg.unheard")
    try await balancer.publish(one, in: cluster())
    #expect(try place.text("log") == "reload\n")
    #expect(try place.names == ["lab.cfg", "log"])
  }

  /// The first file that is ever written has nothing to go back to, and is told again.
  @Test func aFirstFileThatIsNotTakenStays() async throws {
    for _ in 0..<3 {
      await #expect(throws: Failure.self) {
        try await balancer.publish(one, in: cluster(["false"]))
      }
    }
    try await balancer.publish(one, in: cluster())
    #expect(try place.text("log") == "reload\n")
  }

  @Test func aCommandMayBeAPath() async throws {
    try place.write("#!/bin/sh\necho \"$1\" >> '\(place.path("log"))'\n", "script")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: place.path("script"))
    try await balancer.publish(one, in: cluster([place.path("script"), "two words"]))
    #expect(try place.text("log") == "two words\n")
  }

  @Test func permissionsStayAsTheyWere() async throws {
    let manager = FileManager.default
    func mode() throws -> Int? {
      try manager.attributesOfItem(atPath: place.path("lab.cfg"))[.posixPermissions] as? Int
    }
    try await balancer.publish(one, in: cluster())
    #expect(try mode() == 0o644)
    try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: place.path("lab.cfg"))
    try await balancer.publish(other, in: cluster())
    #expect(try mode() == 0o640)
  }

  @Test func whatCanNotBeDoneSaysWhy() async throws {
    func words(_ cluster: ClusterSpec) async -> String {
      do throws(Failure) {
        try await balancer.publish(one, in: cluster)
        return "done"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      await words(cluster(["no-such-command"]))
        == "'no-such-command' did not reload HAProxy: it is not there")
    #expect(await words(cluster(["/no/such/command"])).hasSuffix("No such file or directory"))
    #expect(
      await words(cluster(["sleep", "60"], timeout: Seconds(1)))
        == "'sleep' did not reload HAProxy: it took more than 1 seconds")
    var lost = cluster()
    lost.haproxy?.file = place.path("missing/lab.cfg")
    #expect(await words(lost).hasSuffix("can't be written: No such file or directory"))
    lost.haproxy?.file = place.url.path()
    #expect(await words(lost).contains("can't be read: Is a directory"))
    lost.haproxy = nil
    #expect(await words(lost) == "cluster 'lab' has no HAProxy")
  }

  /// The runtime API is a convenience: without it there is a reload.
  @Test func aSocketThatIsNotThereTakesAReload() async throws {
    var cluster = cluster()
    cluster.haproxy?.socket = place.path("admin.sock")
    try await balancer.publish(one, in: cluster)
    try await balancer.publish(table([server(0, port: 1, .drain)]), in: cluster)
    #expect(try place.text("log") == "reload\nreload\n")
    #expect(try place.text("lab.cfg").contains("127.0.0.1:1 weight 0"))
    cluster.haproxy?.socket = String(repeating: "/x", count: 100)
    try await balancer.publish(one, in: cluster)
    #expect(try place.text("log") == "reload\nreload\nreload\n")
  }
}
