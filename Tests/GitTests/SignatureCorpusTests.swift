import Foundation
import TestSupport
import Testing

@testable import Git

/// Signed commits and tags of Flux's own tests, with what git 2.39.5 says of each, as it is and with a
/// message that somebody changed: 64 verdicts.
@Suite struct SignatureCorpusTests {
  private struct Corpus: Decodable {
    struct Kind: Decodable {
      let keys: [String: String]
      let objects: [String: String]
    }

    struct Verdict: Decodable {
      let as_is: Int32
      let tampered: Int32
    }

    let ssh: Kind
    let gpg: Kind
    let git_2_39_5_rc: [String: Verdict]
  }

  private static func has(_ tool: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)")
  }

  /// Short: gpg's agent has a socket in it.
  private let directory = URL(filePath: "/tmp/sp-\(UUID().uuidString.prefix(8))")

  @Test(.enabled(if: Shared.isPresent && has("gpg") && has("ssh-keygen")))
  func everyVerdictIsGitsOwn() async throws {
    let corpus = try Shared.decode(Corpus.self, "corpora/git-signatures.json")
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer {
      _ = try? run("gpgconf", "--homedir", directory.path, "--kill", "all")
      try? FileManager.default.removeItem(at: directory)
    }
    let server = try TestRepository()
    try server.commit(["a.yaml": "one"])
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await home.open()
    let trusts = [
      "ssh": (try sshTrust(corpus.ssh), corpus.ssh), "gpg": (try gpgTrust(corpus.gpg), corpus.gpg),
    ]
    var verdicts = 0
    for (name, verdict) in corpus.git_2_39_5_rc {
      let parts = name.split(separator: "/").map(String.init)
      let (trust, kind) = try #require(trusts[parts[0]])
      let text = try #require(kind.objects[parts[1]])
      let type = parts[1].hasPrefix("tag_") ? "tag" : "commit"
      for (body, status) in [(text, verdict.as_is), (tampered(text), verdict.tampered)] {
        let id = try #require(CommitID(try write(body, type, into: home.directory)))
        let isGood = try await mirror.hasGoodSignature("verify-\(type)", id, by: trust)
        #expect(isGood == (status == 0), "\(name), \(body == text ? "as it is" : "tampered")")
        // The other kind of trust never takes it.
        let other = try #require(trusts[parts[0] == "ssh" ? "gpg" : "ssh"]).0
        #expect(try await !mirror.hasGoodSignature("verify-\(type)", id, by: other), "\(name)")
        verdicts += 1
      }
    }
    #expect(verdicts == 64)
  }

  /// In the message, which is signed, and before a tag's signature, which is not.
  private func tampered(_ text: String) -> String {
    text.replacing("\n\nTest ", with: "\n\nBest ")
  }

  private func sshTrust(_ kind: Corpus.Kind) throws -> GitTrust {
    let keys = kind.keys.filter { $0.key.hasSuffix(".pub") && $0.key != "keys_all.pub" }
    let lines = keys.values.sorted().map { "sign-user@example.com namespaces=\"git\" \($0)" }
    let path = directory.appending(path: "signers")
    try Data(lines.joined().utf8).write(to: path)
    return .ssh(signers: path.path, revoked: nil)
  }

  private func gpgTrust(_ kind: Corpus.Kind) throws -> GitTrust {
    for (name, key) in kind.keys {
      let path = directory.appending(path: name)
      try Data(key.utf8).write(to: path)
      try run("gpg", "--homedir", directory.path, "--batch", "--quiet", "--import", path.path)
    }
    return .gpg(home: directory.path)
  }

  /// Writes the object, whose tree nobody has, into the repository at `path`.
  private func write(_ text: String, _ type: String, into path: URL) throws -> String {
    let file = directory.appending(path: "object")
    try Data(text.utf8).write(to: file)
    return try run(
      "git", "--git-dir", path.path, "hash-object", "-t", type, "-w", "--literally", file.path
    ).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @discardableResult
  private func run(_ words: String...) throws -> String {
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
    guard process.terminationStatus == 0 else { throw TestRepository.Refused(text: "\(words)") }
    return String(decoding: text, as: UTF8.self)
  }
}

extension SignatureTests {
  /// `refs/tags/v1` as a source: whoever signs the tag answers for the commit.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen")))
  func aSignedTagAnswersForItsCommit() async throws {
    let signers = try Signers()
    try signers.sshKey("alice")
    let trust = GitTrust.ssh(signers: try signers.signers("alice"), revoked: nil)
    try signers.server.commit(["a.yaml": "unsigned"])
    try signers.server.git("tag", "-m", "plain", "plain")
    try signers.server.git(arguments: [
      "-c", "gpg.format=ssh", "-c", "user.signingKey=\(signers.path("alice"))", "tag", "-s", "-m",
      "signed", "signed",
    ])
    for (ref, isGood) in [("refs/tags/signed", true), ("refs/tags/plain", false), ("main", false)] {
      let home = MirrorHome(signers.server)
      defer { withExtendedLifetime(home) {} }
      let mirror = try await home.open(ref: ref)
      let commit = try await mirror.fetch()
      let refusal = await problem { try await mirror.verify(commit, by: trust) }
      #expect((refusal == nil) == isGood, "\(ref)")
    }
    // It answers for that commit and for no other.
    let home = MirrorHome(signers.server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await home.open(ref: "refs/tags/signed")
    _ = try await mirror.fetch()
    let other = try #require(CommitID(try signers.server.commit(["a.yaml": "later"])))
    #expect(await problem { try await mirror.verify(other, by: trust) } == .unverified(other))
  }
}
