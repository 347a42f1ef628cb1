import Transport

extension GitRepository {
  /// The contents of `files`, each blob once, by one process.
  ///
  /// What git hands out must be of the type and size that the tree said, and nothing may follow.
  public func contents(of files: [GitFile]) async throws(GitProblem) -> [BlobID: [UInt8]] {
    let sizes = Dictionary(files.map { ($0.blob, $0.bytes) }) { first, _ in first }
    guard !sizes.isEmpty else { return [:] }
    let total = sizes.values.reduce(0, +)
    guard total <= limits.totalBytesMax else {
      throw .tooManyBytes(total, max: limits.totalBytesMax)
    }
    let blobs = sizes.keys.sorted()
    let asked = blobs.map { $0.hex + "\n" }.joined()
    let answer = try await git(
      ["cat-file", "--batch"], input: Array(asked.utf8),
      outputBytesMax: total + blobs.count * Self.headerBytesMax)
    guard answer.isSuccess else { throw .damaged(answer.complaint) }
    var rest = answer.output[...]
    var contents: [BlobID: [UInt8]] = [:]
    for blob in blobs {
      contents[blob] = try Self.next(blob, bytes: sizes[blob] ?? 0, of: &rest)
    }
    guard rest.isEmpty else { throw .damaged("more was answered than asked") }
    return contents
  }

  /// `<id> blob <size>` with a line end before and after the content.
  private static let headerBytesMax = 128

  private static func next(
    _ blob: BlobID, bytes: Int, of rest: inout ArraySlice<UInt8>
  ) throws(GitProblem) -> [UInt8] {
    let header = Array("\(blob.hex) blob \(bytes)\n".utf8)
    let end = header.count + bytes
    guard rest.starts(with: header), rest.count > end,
      rest[rest.startIndex + end] == UInt8(ascii: "\n")
    else { throw .damaged("object \(blob.hex) is missing, or is not what its tree says") }
    let content = Array(rest[(rest.startIndex + header.count)..<(rest.startIndex + end)])
    rest = rest.dropFirst(end + 1)
    return content
  }
}
