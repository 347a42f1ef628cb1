/// Why something could not be read from a repository.
public enum GitProblem: Error, Hashable, Sendable {
  /// There is no git to run.
  case noGit
  case notARepository(String)
  /// It belongs to another user, and was found and not named.
  case foreignOwner(String)
  /// No range of two revisions: the text, and what is wrong with it.
  case invalidRange(String, why: RangeFault)
  /// Nothing, or no commit, has this name.
  case unknownRevision(String)
  /// What was asked for lies before the point at which a shallow clone was cut off.
  case shallow(String)
  /// The two have no commit in common.
  case unrelated(String, String)
  /// The path leads out of the repository.
  case outside(String)
  /// The commit holds nothing under this path.
  case noPath(String, at: CommitID)
  case tooManyFiles(Int, max: Int)
  case tooManyBytes(Int, max: Int)
  /// An object that a tree names is not there, or is not what the tree says.
  case damaged(String)
  /// Stopped after this many seconds.
  case tooSlow(seconds: Int)
  /// Stopped after this many bytes of output.
  case tooMuchOutput(bytes: Int)
  /// Another repository, or the ref in it, could not be fetched: git's words.
  case unreachable(String)
  /// A commit that does not follow the one that was accepted last.
  case rewound(to: CommitID, from: CommitID)
  /// A commit without a good signature of somebody trusted.
  case unverified(CommitID)
  /// git's own first words.
  case failed(String)

  public enum RangeFault: Hashable, Sendable {
    /// Not two revisions with dots between them.
    case shape
    /// A revision that git would take for an option.
    case option
    /// A revision with characters that no name of a revision has.
    case characters
  }
}

/// How much is read of a repository before it is refused.
public struct GitLimits: Hashable, Sendable {
  public var fileBytesMax: Int
  public var filesMax: Int
  /// Of all files of one reading together.
  public var totalBytesMax: Int
  /// What one listing of a tree may come to.
  public var listingBytesMax = 64 << 20
  /// How long one run of git may take.
  public var secondsMax = 60
  /// How long one fetch may take: the first one brings a whole history.
  public var fetchSecondsMax = 600

  public init(fileBytesMax: Int, filesMax: Int, totalBytesMax: Int) {
    self.fileBytesMax = fileBytesMax
    self.filesMax = filesMax
    self.totalBytesMax = totalBytesMax
  }
}

/// A commit by its full id, which can't move.
public struct CommitID: Hashable, Sendable, CustomStringConvertible {
  public let hex: String

  /// Nil unless `hex` is a whole id of SHA-1 or SHA-256.
  public init?(_ hex: some StringProtocol) {
    guard hex.isWholeID else { return nil }
    self.hex = String(hex)
  }

  /// As many digits as people read.
  public var short: String { String(hex.prefix(10)) }

  public var description: String { hex }
}

/// The content of a file by its full id.
public struct BlobID: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let hex: String

  /// Nil unless `hex` is a whole id of SHA-1 or SHA-256.
  public init?(_ hex: some StringProtocol) {
    guard hex.isWholeID else { return nil }
    self.hex = String(hex)
  }

  public var description: String { hex }

  public static func < (left: BlobID, right: BlobID) -> Bool { left.hex < right.hex }
}

extension StringProtocol {
  fileprivate var isWholeID: Bool {
    (utf8.count == 40 || utf8.count == 64)
      && utf8.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
      }
  }
}
