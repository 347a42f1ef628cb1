/// `BASE..HEAD` or `BASE...HEAD` as it was written, before git is asked anything.
///
/// A side that is left out is `HEAD`. With three dots the change starts where HEAD left BASE.
public struct RevisionRangeText: Hashable, Sendable {
  public let base: String
  public let head: String
  public let isFromMergeBase: Bool

  private static let bytesMax = 1024

  public init(_ text: String) throws(GitProblem) {
    guard text.utf8.count <= Self.bytesMax, let dots = text.firstRange(of: "..") else {
      throw .invalidRange(text, why: .shape)
    }
    let rest = text[dots.upperBound...]
    isFromMergeBase = rest.hasPrefix(".")
    let sides = [
      String(text[..<dots.lowerBound]), String(isFromMergeBase ? rest.dropFirst() : rest),
    ]
    guard sides.contains(where: { !$0.isEmpty }), !sides[1].hasPrefix("."),
      !sides[1].contains("..")
    else {
      throw .invalidRange(text, why: .shape)
    }
    for side in sides { try Self.check(side, in: text) }
    base = sides[0].isEmpty ? "HEAD" : sides[0]
    head = sides[1].isEmpty ? "HEAD" : sides[1]
  }

  /// What git could take for an option, and what no name of a revision can hold, is not even asked
  /// for.
  private static func check(_ revision: String, in text: String) throws(GitProblem) {
    guard !revision.hasPrefix("-") else { throw .invalidRange(text, why: .option) }
    let isPlain = revision.unicodeScalars.allSatisfy { scalar in
      scalar.value > 0x20 && scalar.value != 0x7F && !":?*[\\".unicodeScalars.contains(scalar)
    }
    guard isPlain else { throw .invalidRange(text, why: .characters) }
  }
}

/// Two revisions, resolved once: whatever moves while they are read, these stay.
public struct RevisionRange: Hashable, Sendable {
  /// As it was written.
  public var baseName: String
  public var headName: String
  public var base: CommitID
  public var head: CommitID
}
