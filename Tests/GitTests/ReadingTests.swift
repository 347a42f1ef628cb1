import Foundation
import Git
import Testing

@Suite struct ReadingTests {
  @Test func onlyManifestsAndOnlyWhatIsCommitted() async throws {
    let repository = try TestRepository()
    try repository.commit([
      "m/a.yaml": "a", "m/b.yml": "b", "m/c.txt": "c", "m/.hidden.yaml": "d",
      "m/.github/e.yaml": "e", "m/deep/er/f.yaml": "f", "mm/g.yaml": "g", "README.md": "h",
    ])
    // What lies in the work tree or in the index is of no interest.
    try repository.write("changed", to: "m/a.yaml")
    try repository.write("new", to: "m/new.yaml")
    try repository.git("add", "-A")
    #expect(
      try await repository.texts("m", at: "HEAD")
        == ["m/a.yaml": "a", "m/b.yml": "b", "m/deep/er/f.yaml": "f"])
    #expect(try await repository.texts("m/c.txt", at: "HEAD") == ["m/c.txt": "c"])
    #expect(try await repository.texts("./m/../mm/", at: "HEAD") == ["mm/g.yaml": "g"])
    #expect(try await repository.texts(".", at: "HEAD").count == 4)
  }

  @Test(arguments: ["", "\n", "\n\n", "a\n0123 blob 3\nxyz\n", "\u{FEFF}ünïcödé\r\n"])
  func contentsComeBackToTheByte(text: String) async throws {
    let repository = try TestRepository()
    try repository.commit(["a.yaml": text, "b.yaml": "between", "c.yaml": text])
    #expect(
      try await repository.texts("", at: "HEAD")
        == ["a.yaml": text, "b.yaml": "between", "c.yaml": text])
  }

  @Test func manyLargeFilesComeThroughOnePipe() async throws {
    let repository = try TestRepository()
    var files: [String: String] = [:]
    for number in 0..<40 {
      files["\(number).yaml"] = String(repeating: "\(number) ", count: 100_000)
    }
    try repository.commit(files)
    #expect(try await repository.texts("", at: "HEAD") == files)
  }

  @Test func namesAreTakenAsTheyAre() async throws {
    let repository = try TestRepository()
    let files = [
      "-rf.yaml": "a", "a b.yaml": "b", "größe.yaml": "c", "*.yaml": "d", "\"q\".yaml": "e",
      ":(top)x.yaml": "f",
    ]
    try repository.commit(files)
    #expect(try await repository.texts("", at: "HEAD") == files)
    #expect(try await repository.texts("*.yaml", at: "HEAD") == ["*.yaml": "d"])
    #expect(try await repository.texts("-rf.yaml", at: "HEAD") == ["-rf.yaml": "a"])
    #expect(try await repository.texts(":(top)x.yaml", at: "HEAD") == [":(top)x.yaml": "f"])
  }

  @Test func linksAndSubmodulesAreRefused() async throws {
    let repository = try TestRepository()
    let blob = try repository.blob("a")
    let target = try repository.blob("../../etc/passwd")
    let inner = try repository.commit(["x.yaml": "x"])
    let commit = try repository.commit(tree: [
      "100644 blob \(blob)\ta.yaml", "120000 blob \(target)\tlink.yaml",
      "120000 blob \(target)\tlatest", "160000 commit \(inner)\tvendored",
    ])
    #expect(
      try await repository.refused("", at: commit) == ["link.yaml: symlink", "vendored: submodule"])
    #expect(try await repository.refused("latest", at: commit) == ["latest: symlink"])
    #expect(try await repository.texts("a.yaml", at: commit) == ["a.yaml": "a"])
  }

  @Test func pathsThatNoCheckoutHoldsAreRefused() async throws {
    let repository = try TestRepository()
    let blob = try repository.blob("a")
    func tree(_ name: String, _ inner: String) throws -> String {
      try repository.git(
        "hash-object", "-t", "tree", "-w", "--literally", "--stdin",
        input: Data("40000 \(name)\0".utf8) + bytes(ofHex: inner))
    }
    let leaf = try repository.git(
      "mktree", "-z", input: Data("100644 blob \(blob)\tx.yaml\0".utf8))
    for name in ["..", ".", ".git", ".GIT"] {
      let commit = try repository.git("commit-tree", try tree(name, leaf), "-m", "by hand")
      #expect(try await repository.refused("", at: commit) == ["\(name)/x.yaml: unsafePath"])
    }
    for name in ["a\nb.yaml", "a\\b.yaml", "a\u{1B}[31m.yaml"] {
      let commit = try repository.commit(tree: ["100644 blob \(blob)\t\(name)"])
      #expect(try await repository.refused("", at: commit) == ["\(name): unsafePath"])
    }
  }

  @Test func namesThatAreNoTextAreRefused() async throws {
    let repository = try TestRepository()
    let blob = try repository.blob("a")
    let record = Data("100644 blob \(blob)\tb\u{00}".utf8).dropLast() + [0xFF] + Data(".yaml".utf8)
    let commit = try repository.commit(records: [record])
    #expect(try await repository.refused("", at: commit) == ["b\\xFF.yaml: nameNotText"])
  }

  @Test func whatIsTooLargeIsNotRead() async throws {
    let repository = try TestRepository()
    try repository.commit(["a.yaml": "12345", "b.yaml": "123456", "c.yaml": "xyz"])
    func open(_ file: Int, _ files: Int, _ total: Int) async throws -> (GitRepository, CommitID) {
      let opened = try await repository.open(
        GitLimits(fileBytesMax: file, filesMax: files, totalBytesMax: total))
      return (opened, try await opened.resolve(RevisionRangeText("HEAD..")).head)
    }
    var (opened, head) = try await open(5, 9, 99)
    #expect(
      try await opened.list("", at: head).refused
        == [.init(path: "b.yaml", why: .tooLarge(bytes: 6, max: 5))])
    (opened, head) = try await open(9, 2, 99)
    #expect(await problem { _ = try await opened.list("", at: head) } == .tooManyFiles(3, max: 2))
    (opened, head) = try await open(9, 9, 13)
    let files = try await opened.list("", at: head).files
    #expect(
      await problem { _ = try await opened.contents(of: files) } == .tooManyBytes(14, max: 13))
    (opened, head) = try await open(9, 3, 14)
    #expect(try await opened.contents(of: files).count == 3)
  }

  @Test func whatIsNotThere() async throws {
    let repository = try TestRepository()
    let commit = try repository.commit(["m/a.yaml": "a"])
    let opened = try await repository.open()
    let head = try #require(CommitID(commit))
    #expect(await problem { _ = try await opened.list("x", at: head) } == .noPath("x", at: head))
    #expect(await problem { _ = try await opened.list("/m", at: head) } == .outside("/m"))
    #expect(await problem { _ = try await opened.list("m/.git", at: head) } == .outside("m/.git"))
    let files = try await opened.list("m", at: head).files
    try FileManager.default.removeItem(
      at: repository.directory.appending(path: ".git/objects/\(files[0].blob.hex.prefix(2))"))
    let refusal = await problem { _ = try await opened.contents(of: files) }
    guard case .damaged? = refusal else {
      Issue.record("a missing object was not noticed: \(String(describing: refusal))")
      return
    }
  }

  private func bytes(ofHex hex: String) -> Data {
    Data(
      stride(from: 0, to: hex.count, by: 2).map { offset in
        let start = hex.index(hex.startIndex, offsetBy: offset)
        return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
      })
  }
}
