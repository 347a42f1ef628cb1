import Git
import Testing

@Test(arguments: [
  ("main..topic", "main", "topic", false),
  ("main...topic", "main", "topic", true),
  ("main..", "main", "HEAD", false),
  ("...topic", "HEAD", "topic", true),
  ("v1.0..origin/topic", "v1.0", "origin/topic", false),
  ("HEAD~1..HEAD", "HEAD~1", "HEAD", false),
  ("main@{1}..main", "main@{1}", "main", false),
])
func aRangeIsTwoRevisions(
  text: String, base: String, head: String, isFromMergeBase: Bool
) throws {
  let range = try RevisionRangeText(text)
  #expect(range.base == base)
  #expect(range.head == head)
  #expect(range.isFromMergeBase == isFromMergeBase)
}

@Test(arguments: [
  ("main", GitProblem.RangeFault.shape), ("..", .shape), ("...", .shape), ("", .shape),
  ("a..b..c", .shape), ("a....b", .shape), (String(repeating: "a", count: 2000) + "..b", .shape),
  ("--upload-pack=touch x..HEAD", .option), ("main..-x", .option), ("main...--help", .option),
  ("-..-", .option),
  ("main..a b", .characters), ("main..a\nb", .characters), ("main..a\u{0}b", .characters),
  ("main..:/fix", .characters), ("main..a:b", .characters), ("main..a*", .characters),
  ("main..a\u{7F}", .characters), ("main..a\\b", .characters),
])
func whatIsNoRangeIsNotAskedOfGit(text: String, fault: GitProblem.RangeFault) {
  #expect(throws: GitProblem.invalidRange(text, why: fault)) { try RevisionRangeText(text) }
}

@Suite struct ResolvingTests {
  @Test func aRangeIsResolvedOnceAndStays() async throws {
    let repository = try TestRepository()
    let first = try repository.commit(["a/x.yaml": "one"])
    let second = try repository.commit(["a/x.yaml": "two"])
    let opened = try await repository.open()
    let range = try await opened.resolve(RevisionRangeText("HEAD~1..HEAD"))
    // The branch moves, and the old commits are not even reachable any more.
    try repository.git("checkout", "-q", "--orphan", "other")
    try repository.commit(["a/x.yaml": "three"])
    try repository.git("branch", "-D", "-q", "main")
    #expect(range.base.hex == first)
    #expect(range.head.hex == second)
    let files = try await opened.list("a", at: range.head).files
    #expect(try await opened.contents(of: files).values.map { $0 } == [Array("two".utf8)])
  }

  @Test func threeDotsBeginWhereTheBranchLeft() async throws {
    let repository = try TestRepository()
    let fork = try repository.commit(["x.yaml": "one"])
    try repository.git("checkout", "-q", "-b", "topic")
    let topic = try repository.commit(["x.yaml": "two"])
    try repository.git("checkout", "-q", "main")
    let main = try repository.commit(["y.yaml": "three"])
    let opened = try await repository.open()
    let since = try await opened.resolve(RevisionRangeText("main...topic"))
    #expect([since.base.hex, since.head.hex] == [fork, topic])
    let between = try await opened.resolve(RevisionRangeText("main..topic"))
    #expect([between.base.hex, between.head.hex] == [main, topic])
  }

  @Test func revisionsThatAreNotThere() async throws {
    let repository = try TestRepository()
    try repository.commit(["x.yaml": "one"])
    let opened = try await repository.open()
    func refusal(_ range: String) async -> GitProblem? {
      await problem { _ = try await opened.resolve(RevisionRangeText(range)) }
    }
    #expect(await refusal("nope..HEAD") == .unknownRevision("nope"))
    #expect(await refusal("HEAD..HEAD~9") == .unknownRevision("HEAD~9"))
    let tree = try repository.git("rev-parse", "HEAD^{tree}")
    #expect(await refusal("HEAD..\(tree)") == .unknownRevision(tree))
    try repository.git("checkout", "-q", "--orphan", "other")
    try repository.commit(["y.yaml": "one"])
    #expect(await refusal("main...other") == .unrelated("main", "other"))
  }

  @Test func aShallowCloneSaysThatItIsOne() async throws {
    let origin = try TestRepository()
    let first = try origin.commit(["x.yaml": "one"])
    try origin.commit(["x.yaml": "two"])
    let clone = try TestRepository()
    try clone.git("fetch", "-q", "--depth=1", "file://\(origin.path)", "main:got")
    let opened = try await clone.open()
    for range in ["got~1..got", "\(first)..got"] {
      let text = try RevisionRangeText(range)
      let refusal = await problem { _ = try await opened.resolve(text) }
      #expect(refusal == .shallow(text.base))
    }
  }
}

@Suite struct OpeningTests {
  @Test func whatIsNoRepository() async throws {
    let missing = "/nonexistent/repository"
    let refusal = await problem {
      _ = try await GitRepository(missing, searchPath: "/usr/bin:/bin", limits: .forTests)
    }
    #expect(refusal == .notARepository(missing))
  }

  @Test func withoutGitThereIsNothingToAsk() async throws {
    let refusal = await problem {
      _ = try await GitRepository("/", searchPath: "/nonexistent", limits: .forTests)
    }
    #expect(refusal == .noGit)
  }

  @Test func aBareRepositoryIsReadWhereItIsNamed() async throws {
    let origin = try TestRepository()
    try origin.commit(["x.yaml": "one"])
    let bare = try TestRepository(bare: true)
    try origin.git("push", "-q", bare.path, "main")
    #expect(try await bare.texts("", at: "main") == ["x.yaml": "one"])
  }

  @Test func pathsStartWhereTheRepositoryWasNamed() async throws {
    let repository = try TestRepository()
    try repository.commit(["a/b/x.yaml": "one", "y.yaml": "two"])
    let opened = try await GitRepository(
      repository.path + "/a", searchPath: "/usr/bin:/bin", limits: .forTests)
    let range = try await opened.resolve(RevisionRangeText("HEAD..HEAD"))
    #expect(try await opened.list("b", at: range.head).files.map(\.path) == ["a/b/x.yaml"])
    #expect(try await opened.list("..", at: range.head).files.count == 2)
    #expect(
      await problem { _ = try await opened.list("../..", at: range.head) } == .outside("../.."))
  }
}
