import Foundation
import Git
import Testing

/// Real signatures, made here by ssh-keygen and gpg.
@Suite struct SignatureTests {
  private static func has(_ tool: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)")
  }

  /// Keys in a directory of their own, and a repository that is signed with them.
  final class Signers {
    let server: TestRepository
    let directory: URL

    init() throws {
      server = try TestRepository()
      // Short: gpg's agent has a socket in it.
      directory = URL(filePath: "/tmp/sp-\(UUID().uuidString.prefix(8))")
      try FileManager.default.createDirectory(
        at: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }

    deinit {
      for home in (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? [] {
        _ = try? run("gpgconf", "--homedir", path(home), "--kill", "all")
      }
      try? FileManager.default.removeItem(at: directory)
    }

    func path(_ name: String) -> String { directory.appending(path: name).path }

    @discardableResult
    func run(_ words: String...) throws -> String {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = words
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let text = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw TestRepository.Refused(text: "\(words)")
      }
      return String(decoding: text, as: UTF8.self)
    }

    func sshKey(_ name: String) throws {
      try run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path(name))
    }

    func write(_ name: String, _ text: String) throws -> String {
      try Data(text.utf8).write(to: directory.appending(path: name))
      return path(name)
    }

    func publicKey(_ name: String) throws -> String {
      try String(contentsOfFile: path("\(name).pub"), encoding: .utf8)
    }

    func signers(_ names: String...) throws -> String {
      let lines = try names.map { "\($0)@example.com namespaces=\"git\" \(try publicKey($0))" }
      return try write("signers", lines.joined())
    }

    func gpgHome(_ name: String) throws {
      try FileManager.default.createDirectory(
        atPath: path(name), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try run(
        "gpg", "--homedir", path(name), "--batch", "--passphrase", "", "--quick-gen-key",
        "\(name)@example.com", "ed25519", "sign", "never")
    }

    /// A signed commit on `main`.
    func commit(ssh key: String) throws {
      try sign("-c", "gpg.format=ssh", "-c", "user.signingKey=\(path(key))")
    }

    func commit(gpg home: String) throws {
      let script = try write(
        "gpg-of-\(home)", "#!/bin/sh\nexec gpg --homedir '\(path(home))' \"$@\"")
      try run("chmod", "+x", script)
      try sign("-c", "gpg.program=\(script)", "-c", "user.signingKey=\(home)@example.com")
    }

    private func sign(_ settings: String...) throws {
      try server.write(UUID().uuidString, to: "a.yaml")
      try server.git("add", "-A")
      try server.git(arguments: settings + ["commit", "-q", "-S", "-m", "signed"])
    }
  }

  private func isTrusted(_ signers: Signers, by trust: GitTrust) async throws -> Bool {
    let home = MirrorHome(signers.server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await home.open()
    let commit = try await mirror.fetch()
    let refusal = await problem { try await mirror.verify(commit, by: trust) }
    #expect(refusal == nil || refusal == .unverified(commit))
    return refusal == nil
  }

  @Test(.enabled(if: has("ssh-keygen"))) func sshSignaturesOfAllowedSignersCount() async throws {
    let home = try Signers()
    for name in ["alice", "mallory"] { try home.sshKey(name) }
    let allowed = try home.signers("alice")
    let trust = GitTrust.ssh(signers: allowed, revoked: nil)
    try home.server.commit(["a.yaml": "unsigned"])
    #expect(try await !isTrusted(home, by: trust))
    try home.commit(ssh: "alice")
    #expect(try await isTrusted(home, by: trust))
    let revoked = try home.write("revoked", home.publicKey("alice"))
    #expect(try await !isTrusted(home, by: .ssh(signers: allowed, revoked: revoked)))
    let others = try home.write("others", home.publicKey("mallory"))
    #expect(try await isTrusted(home, by: .ssh(signers: allowed, revoked: others)))
    #expect(
      try await !isTrusted(home, by: .ssh(signers: home.path("nowhere"), revoked: nil)))
    try home.commit(ssh: "mallory")
    #expect(try await !isTrusted(home, by: trust))
  }

  @Test(.enabled(if: has("ssh-keygen"))) func aChangedCommitHasNoGoodSignature() async throws {
    let home = try Signers()
    try home.sshKey("alice")
    let trust = GitTrust.ssh(signers: try home.signers("alice"), revoked: nil)
    try home.commit(ssh: "alice")
    let honest = try home.server.git("cat-file", "commit", "HEAD")
    let forged = honest.replacing("\n\nsigned", with: "\n\nforged") + "\n"
    let id = try home.server.git(
      "hash-object", "-t", "commit", "-w", "--stdin", input: Data(forged.utf8))
    try home.server.git("update-ref", "refs/heads/main", id)
    #expect(try await !isTrusted(home, by: trust))
  }

  @Test(.enabled(if: has("gpg"))) func gpgSignaturesOfKnownKeysCount() async throws {
    let home = try Signers()
    for name in ["alice", "mallory"] { try home.gpgHome(name) }
    let trust = GitTrust.gpg(home: home.path("alice"))
    try home.commit(gpg: "alice")
    #expect(try await isTrusted(home, by: trust))
    #expect(try await !isTrusted(home, by: .gpg(home: home.path("mallory"))))
    try home.commit(gpg: "mallory")
    #expect(try await !isTrusted(home, by: trust))
  }

  /// The kind is the signature's own claim: it never chooses by what it is checked.
  @Test(.enabled(if: has("gpg") && has("ssh-keygen")))
  func aSignatureOfTheOtherKindDoesNotCount() async throws {
    let home = try Signers()
    try home.sshKey("alice")
    try home.gpgHome("bob")
    let ssh = GitTrust.ssh(signers: try home.signers("alice"), revoked: nil)
    try home.commit(gpg: "bob")
    #expect(try await !isTrusted(home, by: ssh))
    try home.commit(ssh: "alice")
    #expect(try await !isTrusted(home, by: .gpg(home: home.path("bob"))))
  }
}
