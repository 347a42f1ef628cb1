import Transport

/// A file of a revision, by the id of its content.
public struct GitFile: Hashable, Sendable {
  /// From the top of the tree.
  public var path: String
  public var blob: BlobID
  public var bytes: Int
}

/// The manifests of a revision under one path, and what stands there that is not read.
public struct GitListing: Hashable, Sendable {
  /// Sorted by the bytes of their paths.
  public var files: [GitFile] = []
  public var refused: [Refused] = []

  /// Something that would have to be read and is not: what it holds is unknown.
  public struct Refused: Hashable, Sendable {
    /// With `\xAB` for a byte that is no text.
    public var path: String
    public var why: Why

    public init(path: String, why: Why) {
      self.path = path
      self.why = why
    }

    public enum Why: Hashable, Sendable {
      case symlink
      case submodule
      case nameNotText
      /// With `..` and the like in it: no checkout could hold it.
      case unsafePath
      case tooLarge(bytes: Int, max: Int)
      /// Its content is not in this clone.
      case missing
    }
  }
}

extension GitRepository {
  /// The files that `setpoint plan PATH` would read in a checkout of `commit`: a file by its name,
  /// of a directory all `.yaml` and `.yml` below it, without what begins with a dot.
  ///
  /// `path` is taken from the directory that the repository was opened by, or from the top.
  public func list(
    _ path: String, at commit: CommitID, fromTop: Bool = false
  ) async throws(GitProblem) -> GitListing {
    let named = try RepositoryPath(path, from: fromTop ? "" : prefix)
    let listed = try await git(
      ["ls-tree", "-r", "-l", "-z", "--full-tree", commit.hex]
        + (named.text.isEmpty ? [] : ["--", named.text]),
      outputBytesMax: limits.listingBytesMax)
    guard listed.isSuccess else { throw .damaged(listed.complaint) }
    guard !listed.output.isEmpty else { throw .noPath(named.text, at: commit) }
    return try GitListing(listed.output, of: named.text, limits)
  }
}

extension GitListing {
  /// From what `git ls-tree -r -l -z` prints of `path`, which is taken from the top of the tree and is
  /// empty for all of it.
  public init(_ output: [UInt8], of path: String, _ limits: GitLimits) throws(GitProblem) {
    for record in output.split(separator: 0) {
      guard let entry = TreeEntry(record) else { throw .damaged("a tree that can't be read") }
      add(entry, of: path, limits)
    }
    let isInOrder = { (left: String, right: String) in
      left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    files.sort { isInOrder($0.path, $1.path) }
    refused.sort { isInOrder($0.path, $1.path) }
    guard files.count <= limits.filesMax else {
      throw .tooManyFiles(files.count, max: limits.filesMax)
    }
  }

  private mutating func add(_ entry: TreeEntry, of named: String, _ limits: GitLimits) {
    func refuse(_ why: Refused.Why) {
      refused.append(Refused(path: entry.visiblePath, why: why))
    }
    // Within a submodule there may be anything.
    if entry.mode == TreeEntry.submodule { return refuse(.submodule) }
    let isNamed = entry.path.elementsEqual(named.utf8)
    guard isNamed || entry.isManifest(below: named.utf8.count) else { return }
    guard let path = String(validating: entry.path, as: UTF8.self) else {
      return refuse(.nameNotText)
    }
    guard !entry.isUnsafe else { return refuse(.unsafePath) }
    guard entry.mode != TreeEntry.symlink else { return refuse(.symlink) }
    guard let bytes = entry.bytes else { return refuse(.missing) }
    guard bytes <= limits.fileBytesMax else {
      return refuse(.tooLarge(bytes: bytes, max: limits.fileBytesMax))
    }
    files.append(GitFile(path: path, blob: entry.blob, bytes: bytes))
  }
}

/// A record of `git ls-tree -l -z`: `100644 blob 587be6b… 2<tab>a/x.yaml`.
struct TreeEntry {
  static let symlink = "120000"
  static let submodule = "160000"

  let mode: String
  let blob: BlobID
  /// Nil for what has no size, or is not here.
  let bytes: Int?
  let path: ArraySlice<UInt8>

  init?(_ record: ArraySlice<UInt8>) {
    guard let tab = record.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
    let facts = record[..<tab].split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard facts.count == 4, let blob = BlobID(facts[2]) else { return nil }
    mode = facts[0]
    self.blob = blob
    bytes = Int(facts[3])
    path = record[(tab + 1)...]
  }

  private var parts: [ArraySlice<UInt8>] {
    path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
  }

  /// Parts that a path in a checkout can't have; git refuses to make such trees, others may not.
  var isUnsafe: Bool {
    parts.contains { part in
      part.isEmpty || part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8)
        || part.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }
        || String(decoding: part, as: UTF8.self).lowercased() == ".git"
    }
  }

  /// Whether it is to be read as a part of the directory whose path is that long.
  func isManifest(below length: Int) -> Bool {
    guard path.suffix(5).elementsEqual(".yaml".utf8) || path.suffix(4).elementsEqual(".yml".utf8)
    else { return false }
    if isUnsafe { return true }
    let below = path.dropFirst(length)
    let parts = below.split(separator: UInt8(ascii: "/"))
    return !parts.contains { $0.first == UInt8(ascii: ".") }
  }

  /// For people, whatever bytes it has.
  var visiblePath: String {
    if let text = String(validating: path, as: UTF8.self) { return text }
    return path.reduce(into: "") { text, byte in
      text +=
        byte < 0x80
        ? String(Character(Unicode.Scalar(byte))) : "\\x\(String(byte, radix: 16, uppercase: true))"
    }
  }
}
