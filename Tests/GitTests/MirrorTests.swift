import Foundation
import Git
import Testing

/// A mirror of a server's branch `main`, each in a directory of its own.
final class MirrorHome: Sendable {
  let server: TestRepository
  let directory = FileManager.default.temporaryDirectory.appending(
    path: "setpoint-mirror-\(UUID().uuidString)")

  init(_ server: TestRepository) { self.server = server }

  deinit { try? FileManager.default.removeItem(at: directory) }

  func open(
    ref: String = "main", _ limits: GitLimits = .forTests, variables: [String: String] = [:]
  ) async throws -> GitMirror {
    try await GitMirror(
      of: GitLocation("file://\(server.path)@\(ref):."), in: directory.path,
      access: .forTests(variables), limits: limits)
  }
}

extension GitAccess {
  static func forTests(_ variables: [String: String] = [:]) -> GitAccess {
    GitAccess(
      searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      variable: { variables[$0] })
  }
}

@Suite struct MirrorTests {
  @Test func fetchesWhereTheBranchIsByNow() async throws {
    let server = try TestRepository()
    let first = try server.commit(["a.yaml": "one"])
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await home.open()
    #expect(try await mirror.fetch().hex == first)
    let second = try server.commit(["a.yaml": "two"])
    let commit = try await mirror.fetch()
    #expect(commit.hex == second)
    let files = try await mirror.repository.list(".", at: commit).files
    let contents = try await mirror.repository.contents(of: files)
    #expect(contents.values.map { String(decoding: $0, as: UTF8.self) } == ["two"])
    // Nothing is checked out, and no other branch or tag came along.
    #expect(!FileManager.default.fileExists(atPath: home.directory.path + "/a.yaml"))
  }

  @Test func remembersWhatWasAccepted() async throws {
    let server = try TestRepository()
    try server.commit(["a.yaml": "one"])
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await home.open()
    #expect(try await mirror.lastAccepted() == nil)
    let commit = try await mirror.fetch()
    try await mirror.accept(commit)
    try FileManager.default.removeItem(at: server.directory)
    #expect(try await home.open().lastAccepted() == commit)
  }

  /// Force-pushed to a commit of another line, and back to an older one.
  @Test func aRewoundBranchDoesNotFollow() async throws {
    let server = try TestRepository()
    let first = try server.commit(["a.yaml": "one"])
    let second = try server.commit(["a.yaml": "two"])
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await home.open()
    let accepted = try await mirror.fetch()
    try await mirror.checkThatItFollows(accepted)
    try await mirror.accept(accepted)
    for edit in [["reset", "-q", "--hard", first], ["commit", "-q", "--amend", "-m", "other"]] {
      try server.git(arguments: edit)
      let commit = try await mirror.fetch()
      #expect(
        await problem { try await mirror.checkThatItFollows(commit) }
          == .rewound(to: commit, from: accepted))
    }
    try server.git("reset", "-q", "--hard", second)
    try server.commit(["a.yaml": "three"])
    try await mirror.checkThatItFollows(try await mirror.fetch())
  }

  @Test func whatCantBeFetchedIsSaidInGitsWords() async throws {
    let server = try TestRepository()
    try server.commit(["a.yaml": "one"])
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let gone = await problem { _ = try await home.open(ref: "gone").fetch() }
    #expect(gone == .unreachable("couldn't find remote ref refs/heads/gone"))
    let mirror = try await home.open()
    let commit = try await mirror.fetch()
    try FileManager.default.removeItem(at: server.directory)
    guard case .unreachable = await problem({ _ = try await mirror.fetch() }) else {
      Issue.record("a server that is gone")
      return
    }
    #expect(try await mirror.repository.list(".", at: commit).files.count == 1)
  }

  /// A ref of a tag leads to its commit; one of a tree leads nowhere.
  @Test func aRefIsACommitOrRefused() async throws {
    let server = try TestRepository()
    let first = try server.commit(["a.yaml": "one"])
    try server.git("tag", "-a", "-m", "one", "v1")
    try server.git("update-ref", "refs/odd/tree", "HEAD^{tree}")
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    #expect(try await home.open(ref: "refs/tags/v1").fetch().hex == first)
    let odd = MirrorHome(server)
    defer { withExtendedLifetime(odd) {} }
    #expect(await problem { _ = try await odd.open(ref: "refs/odd/tree").fetch() } != nil)
  }

  /// An object that no git makes: with a path that leads out, and under another name's id.
  @Test func brokenObjectsAreNotTakenIn() async throws {
    let server = try TestRepository()
    let blob = try server.blob("one")
    let evil = try server.commit(tree: ["100644 blob \(blob)\t.git"])
    try server.git("update-ref", "refs/heads/main", evil)
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    guard case .unreachable = await problem({ _ = try await home.open().fetch() }) else {
      Issue.record("a tree with .git in it was taken in")
      return
    }
  }

  /// What the other repository would like to have run, here or there.
  @Test func nothingOfTheServerIsRun() async throws {
    let server = try TestRepository()
    try server.commit(["a.yaml": "one"])
    let mark = server.directory.appending(path: "mark")
    let script = server.directory.appending(path: ".git/evil")
    try Data("#!/bin/sh\ntouch '\(mark.path)'\nexit 1\n".utf8).write(to: script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    for key in [
      "uploadpack.packObjectsHook", "core.fsmonitor", "core.sshCommand",
      "core.alternateRefsCommand",
    ] {
      try server.git("config", key, script.path)
    }
    for hook in ["post-checkout", "reference-transaction", "pre-auto-gc"] {
      try FileManager.default.copyItem(
        at: script, to: server.directory.appending(path: ".git/hooks/\(hook)"))
    }
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await home.open()
    try await mirror.accept(try await mirror.fetch())
    #expect(!FileManager.default.fileExists(atPath: mark.path))
  }

  /// ssh is called by git with the host, and may not ask anybody.
  @Test func sshIsTheOneOfTheEnvironment() async throws {
    let server = try TestRepository()
    let commit = try server.commit(["a.yaml": "one"])
    let script = server.directory.appending(path: ".git/fake-ssh")
    let log = server.directory.appending(path: ".git/ssh.log")
    try Data(
      """
      #!/bin/sh
      echo "$@" >> '\(log.path)'
      [ "$1" = -G ] && exit 0
      for last; do :; done
      eval "exec $last"
      """.utf8
    ).write(to: script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await GitMirror(
      of: GitLocation("ssh://git@fleet.example\(server.path)@main:."), in: home.directory.path,
      access: .forTests(["GIT_SSH_COMMAND": script.path]), limits: .forTests)
    #expect(try await mirror.fetch().hex == commit)
    #expect(try String(contentsOf: log, encoding: .utf8).contains("git@fleet.example"))
  }

  @Test func aFetchThatHangsIsStopped() async throws {
    let server = try TestRepository()
    let script = server.directory.appending(path: ".git/slow-ssh")
    try Data("#!/bin/sh\nexec sleep 60\n".utf8).write(to: script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    var limits = GitLimits.forTests
    limits.fetchSecondsMax = 1
    let home = MirrorHome(server)
    defer { withExtendedLifetime(home) {} }
    let mirror = try await GitMirror(
      of: GitLocation("ssh://fleet.example/x@main:."), in: home.directory.path,
      access: .forTests(["GIT_SSH_COMMAND": script.path]), limits: limits)
    #expect(await problem { _ = try await mirror.fetch() } == .tooSlow(seconds: 1))
  }
}
