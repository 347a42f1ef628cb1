import Foundation
import Git
import Testing

/// A real server: `git daemon` on this machine's own network.
@Suite struct DaemonTests {
  private static let path = "/usr/lib/git-core/git-daemon"
  private static let isPresent = FileManager.default.fileExists(atPath: path)

  /// A daemon that serves one repository until this goes away.
  private final class Daemon {
    let port: UInt16
    private let process = Process()

    init(serving repository: TestRepository) throws {
      port = try Self.freePort()
      // Itself, and not by way of git: what is stopped is then what listens.
      process.executableURL = URL(filePath: DaemonTests.path)
      process.arguments = [
        "--listen=127.0.0.1", "--port=\(port)", "--export-all", "--reuseaddr",
        "--base-path=\(repository.path)", repository.path,
      ]
      process.standardError = FileHandle.nullDevice
      try process.run()
      while process.isRunning, !Self.answers(port) { usleep(2000) }
    }

    /// Gone at once, as a server is that breaks down.
    func stop() {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      while Self.answers(port) { usleep(2000) }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      return address
    }

    private static func freePort() throws -> UInt16 {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = address(0)
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
        }
      }
      try #require(status == 0)
      return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(_ port: UInt16) -> Bool {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(descriptor) }
      var address = address(port)
      return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
    }
  }

  @Test(.enabled(if: isPresent)) func aBranchIsFollowedOverTheNetwork() async throws {
    let server = try TestRepository()
    let first = try server.commit(["a.yaml": "one"])
    let daemon = try Daemon(serving: server)
    defer { daemon.stop() }
    let directory = FileManager.default.temporaryDirectory.appending(path: "m-\(UUID())")
    defer { try? FileManager.default.removeItem(at: directory) }
    let mirror = try await GitMirror(
      of: GitLocation("git://127.0.0.1:\(daemon.port)/.git@main:."), in: directory.path,
      access: .forTests(), limits: .forTests)
    #expect(try await mirror.fetch().hex == first)
    let second = try server.commit(["a.yaml": "two"])
    let commit = try await mirror.fetch()
    #expect(commit.hex == second)
    let files = try await mirror.repository.list(".", at: commit).files
    #expect(
      try await mirror.repository.contents(of: files).values.map { $0 } == [Array("two".utf8)])
    // A server that goes away is no branch that is empty.
    daemon.stop()
    let refusal = await problem { _ = try await mirror.fetch() }
    guard case .unreachable? = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
  }
}
