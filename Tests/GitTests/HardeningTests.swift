import Foundation
import Git
import Testing

/// What a repository, or somebody's settings, would like git to start or to show instead.
@Suite struct HardeningTests {
  /// Everything that a `.git/config` and its hooks can start, set to leave a mark.
  @Test func nothingOfTheRepositoryIsRun() async throws {
    let repository = try TestRepository()
    try repository.commit(["a.yaml": "one"])
    try repository.commit(["a.yaml": "two"])
    let mark = repository.directory.appending(path: "mark")
    let script = repository.directory.appending(path: ".git/evil")
    try Data("#!/bin/sh\ntouch '\(mark.path)'\nexit 1\n".utf8).write(to: script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    for key in [
      "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass",
      "core.gitProxy", "diff.external", "core.alternateRefsCommand", "credential.helper",
      "filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "pager.ls-tree",
      "pager.cat-file", "alias.ls-tree", "alias.rev-parse", "uploadpack.packObjectsHook",
    ] {
      try repository.git("config", key, script.path)
    }
    try repository.git("config", "core.hooksPath", repository.path + "/.git")
    for hook in ["post-checkout", "reference-transaction", "post-index-change"] {
      try FileManager.default.copyItem(
        at: script, to: repository.directory.appending(path: ".git/\(hook)"))
    }
    try repository.write("* filter=evil diff=evil", to: ".git/info/attributes")
    #expect(try await repository.texts("", at: "HEAD") == ["a.yaml": "two"])
    let opened = try await repository.open()
    _ = try await opened.resolve(RevisionRangeText("HEAD~1...HEAD"))
    #expect(!FileManager.default.fileExists(atPath: mark.path))
  }

  /// A replacement or a graft shows other content under an id.
  @Test func idsMeanWhatTheyName() async throws {
    let repository = try TestRepository()
    let first = try repository.commit(["a.yaml": "honest"])
    try repository.commit(["a.yaml": "second"])
    let (honest, evil) = (try repository.blob("honest"), try repository.blob("evil!!"))
    try repository.git("replace", honest, evil)
    #expect(try await repository.texts("", at: first) == ["a.yaml": "honest"])
  }

  /// An object that was promised and not fetched stays unfetched: no remote helper is started.
  @Test func nothingIsFetched() async throws {
    let repository = try TestRepository()
    let commit = try repository.commit(["a.yaml": "one"])
    let mark = repository.directory.appending(path: "mark")
    try repository.git("config", "extensions.partialClone", "origin")
    try repository.git("config", "remote.origin.promisor", "true")
    try repository.git("config", "remote.origin.url", "ext::touch \(mark.path)")
    try repository.git("config", "protocol.ext.allow", "always")
    let opened = try await repository.open()
    let head = try #require(CommitID(commit))
    let files = try await opened.list("", at: head).files
    try FileManager.default.removeItem(
      at: repository.directory.appending(path: ".git/objects/\(files[0].blob.hex.prefix(2))"))
    #expect(await problem { _ = try await opened.contents(of: files) } != nil)
    #expect(try await repository.refused("", at: commit) == ["a.yaml: missing"])
    #expect(!FileManager.default.fileExists(atPath: mark.path))
  }

  /// Root may open any directory: the check is of ownership, so it needs another owner.
  @Test(.enabled(if: getuid() == 0))
  func anotherUsersRepositoryIsOpenedWhereItIsNamed() async throws {
    let repository = try TestRepository()
    try repository.commit(["a.yaml": "one"])
    try FileManager.default.setAttributes(
      [.ownerAccountID: 4321], ofItemAtPath: repository.path)
    try FileManager.default.setAttributes(
      [.ownerAccountID: 4321], ofItemAtPath: repository.path + "/.git")
    #expect(try await repository.texts("", at: "HEAD") == ["a.yaml": "one"])
  }

  /// A range with thousands of revisions in a name, a path with a thousand parts: answered, not
  /// hung.
  @Test func longNamesAreAnswered() async throws {
    let repository = try TestRepository()
    let commit = try repository.commit(["a.yaml": "one"])
    let opened = try await repository.open()
    let head = try #require(CommitID(commit))
    let long = String(repeating: "a/", count: 5000)
    #expect(await problem { _ = try await opened.list(long, at: head) } != nil)
    let range = try RevisionRangeText("HEAD\(String(repeating: "^", count: 900))..HEAD")
    #expect(await problem { _ = try await opened.resolve(range) } != nil)
  }

  /// Whatever git does, it ends in time and says no more than is read.
  @Test func gitIsStoppedInTime() async throws {
    let slow = FileManager.default.temporaryDirectory.appending(path: "slow-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: slow, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: slow) }
    let script = slow.appending(path: "git")
    try Data("#!/bin/sh\nexec sleep 60\n".utf8).write(to: script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    var limits = GitLimits.forTests
    limits.secondsMax = 1
    let refusal = await problem {
      _ = try await GitRepository("/", searchPath: "\(slow.path):/usr/bin:/bin", limits: limits)
    }
    #expect(refusal == .tooSlow(seconds: 1))
  }

  @Test func anAnswerThatIsTooLongIsCutOff() async throws {
    let repository = try TestRepository()
    let commit = try repository.commit(["a.yaml": "one", "b.yaml": "two"])
    var limits = GitLimits.forTests
    limits.listingBytesMax = 80
    let opened = try await repository.open(limits)
    let head = try #require(CommitID(commit))
    #expect(
      await problem { _ = try await opened.list("", at: head) } == .tooMuchOutput(bytes: 80))
  }
}
