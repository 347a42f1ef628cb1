import Foundation
import Model

/// Debian's HAProxy, started and thrown away: one frontend of its own, and the file that is generated.
final class RealHAProxy: Sendable {
  static let program = "/usr/sbin/haproxy"

  let place: Place
  let port: Int
  let cluster: ClusterSpec

  /// With its runtime API known to Setpoint, or with reloads only.
  init(withSocket: Bool) throws {
    place = try Place()
    port = Int.random(in: 30_000..<40_000)
    try place.write(
      """
      global
          stats socket \(place.path("admin.sock")) mode 600 level admin expose-fd listeners
          hard-stop-after 30s
          # Threads that choose at the same time may choose the same server.
          nbthread 1
      defaults
          mode http
          timeout connect 2s
          timeout client 60s
          timeout server 60s
      frontend chat
          bind 127.0.0.1:\(port)
          default_backend lab.chat

      """, "main.cfg")
    // As an init system would: the files are checked, then a new process takes over the sockets, and the
    // old one ends its requests.
    try place.write(
      """
      cd '\(place.url.path())'
      \(Self.program) -q -c -f main.cfg -f lab.cfg || exit
      echo reload >> log
      old=$(cat pid 2>/dev/null)
      if [ -n "$old" ]; then
        exec \(Self.program) -D -f main.cfg -f lab.cfg -p pid -x admin.sock -sf $old
      fi
      exec \(Self.program) -D -f main.cfg -f lab.cfg -p pid

      """, "reload")
    cluster = ClusterSpec(
      metadata: Metadata(name: "lab"), region: "r", zones: ["z"],
      haproxy: HAProxySettings(
        file: place.path("lab.cfg"), reload: ["sh", place.path("reload")],
        socket: withSocket ? place.path("admin.sock") : nil))
  }

  /// How often it was reloaded, its start included.
  var reloads: Int {
    get throws { try place.text("log").split(separator: "\n").count }
  }

  /// Who answers so many requests at once, and with which status.
  func ask(_ count: Int) async throws -> [String] {
    let output = try await run(
      "/usr/bin/curl",
      [
        "--silent", "--no-progress-meter", "--parallel", "--parallel-immediate", "--parallel-max",
        "\(count)", "--max-time", "50", "--output", "/dev/null", "--write-out",
        "%header{replica} %{http_code}\\n", "http://127.0.0.1:\(port)/[1-\(count)]",
      ])
    return output.split(separator: "\n").map(String.init)
  }

  private func run(_ program: String, _ arguments: [String]) async throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    // On a thread of its own: those that answer need the others.
    return await withCheckedContinuation { answered in
      Thread.detachNewThread {
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        answered.resume(returning: String(decoding: data, as: UTF8.self))
      }
    }
  }

  deinit {
    // Its own process, by the number that it wrote down.
    guard let pid = try? place.text("pid"), let number = Int32(pid.split(separator: "\n")[0])
    else { return }
    kill(number, SIGTERM)
  }
}
