import Diagnostics
import Git

extension Code {
  static let gitMissing = Code("git", "missing")
  static let gitNoRepository = Code("git", "no-repository")
  static let gitForeignOwner = Code("git", "foreign-owner")
  static let gitInvalidRange = Code("git", "invalid-range")
  static let gitUnknownRevision = Code("git", "unknown-revision")
  static let gitShallow = Code("git", "shallow")
  static let gitUnrelated = Code("git", "unrelated")
  static let gitOutside = Code("git", "outside")
  static let gitNoPath = Code("git", "no-path")
  static let gitLink = Code("git", "link")
  static let gitSubmodule = Code("git", "submodule")
  static let gitUnsafeName = Code("git", "unsafe-name")
  static let gitTooLarge = Code("git", "too-large")
  static let gitDamaged = Code("git", "damaged")
  static let gitUnreachable = Code("git", "unreachable")
  static let gitRewound = Code("git", "rewound")
  static let gitUnverified = Code("git", "unverified")
  static let gitFailed = Code("git", "failed")
}

/// Why a repository could not be read, in words.
enum GitWording {
  static func diagnostic(_ problem: GitProblem) -> Diagnostic {
    switch problem {
    case .noGit, .notARepository, .foreignOwner: opening(problem)
    case .invalidRange(let text, let why): invalid(text, why)
    case .unknownRevision(let name):
      Diagnostic(
        .gitUnknownRevision, "no commit is called '\(name)'", at: .invocation,
        help: "'git branch -a' lists the names; in a CI job, fetch the branch first")
    case .shallow(let name):
      Diagnostic(
        .gitShallow, "'\(name)' can't be found in a shallow clone", at: .invocation,
        help: "say 'git fetch --unshallow', or give the checkout its whole history (fetch-depth: 0"
          + " on GitHub, GIT_DEPTH: 0 on GitLab)")
    case .unrelated(let base, let head):
      Diagnostic(
        .gitUnrelated, "'\(base)' and '\(head)' have no commit in common", at: .invocation,
        help: "say '\(base)..\(head)' with two dots to compare them as they are")
    case .outside(let path):
      Diagnostic(
        .gitOutside, "'\(path)' does not lead into the repository", at: .invocation,
        help: "name a path from the directory that --repo names, such as 'manifests'")
    case .noPath(let path, let commit):
      Diagnostic(
        .gitNoPath, "commit \(commit.short) has no '\(path)'", at: .invocation,
        help: "nothing is planned on what is not there; to delete objects, say 'setpoint delete"
          + " KIND/NAME'")
    case .tooManyFiles, .tooManyBytes, .tooMuchOutput, .tooSlow: limit(problem)
    case .damaged(let detail):
      Diagnostic(
        .gitDamaged, "the repository can't be read: \(detail)", at: .invocation,
        help: "'git fsck' tells more; a partial clone must have the files that are to be read")
    case .unreachable, .rewound, .unverified: followed(problem)
    case .failed(let detail):
      Diagnostic(.gitFailed, "git could not be run: \(detail)", at: .invocation)
    }
  }

  private static func opening(_ problem: GitProblem) -> Diagnostic {
    switch problem {
    case .foreignOwner(let directory):
      Diagnostic(
        .gitForeignOwner, "the repository around '\(directory)' belongs to another user",
        at: .invocation, help: "name it with --repo to say that it is meant")
    case .notARepository(let directory):
      Diagnostic(
        .gitNoRepository, "'\(directory)' is in no Git repository", at: .invocation,
        help: "name one with --repo")
    default:
      Diagnostic(
        .gitMissing, "there is no 'git' to run", at: .invocation, help: "install git")
    }
  }

  private static func followed(_ problem: GitProblem) -> Diagnostic {
    switch problem {
    case .rewound(let new, let old):
      Diagnostic(
        .gitRewound, "commit \(new.short) does not follow \(old.short), which was taken last",
        at: .invocation,
        help: "the branch was rewound or written anew; where that is meant, say --rewind-to"
          + " \(new)")
    case .unverified(let commit):
      Diagnostic(
        .gitUnverified, "commit \(commit.short) has no signature that counts", at: .invocation,
        help: "'git log --show-signature \(commit.short)' tells more; --signers names those whose"
          + " signatures count")
    case .unreachable(let detail):
      Diagnostic(
        .gitUnreachable, "the source can't be fetched: \(detail)", at: .invocation,
        help: "'git ls-remote' shows what is there; nobody can be asked for a password")
    default: preconditionFailure("only what is followed can be any of these")
    }
  }

  private static func invalid(_ text: String, _ why: GitProblem.RangeFault) -> Diagnostic {
    let what =
      switch why {
      case .shape: "'\(text)' is no range of two revisions"
      case .option: "a revision in '\(text)' begins with '-'"
      case .characters: "'\(text)' has characters that no revision's name has"
      }
    return Diagnostic(
      .gitInvalidRange, what, at: .invocation,
      help: "say BASE..HEAD, or BASE...HEAD for the change since HEAD left BASE")
  }

  private static func limit(_ problem: GitProblem) -> Diagnostic {
    let (what, help) =
      switch problem {
      case .tooManyFiles(let count, let max):
        (
          "\(count) files, more than the \(max) that are read at once",
          "name a directory that holds fewer"
        )
      case .tooManyBytes(let bytes, let max):
        (
          "\(bytes) bytes in all, more than the \(max) that are read at once",
          "name a directory that holds less"
        )
      case .tooSlow(let seconds):
        ("git did not end within \(seconds) seconds", "try again where the repository is near")
      default: ("git's answer is larger than any that is read", "name a smaller directory")
      }
    return Diagnostic(.gitTooLarge, what, at: .invocation, help: help)
  }

  static func diagnostic(_ refused: GitListing.Refused) -> Diagnostic {
    switch refused.why {
    case .symlink:
      Diagnostic(
        .gitLink, "a symbolic link is not followed", at: .path(refused.path),
        help: "put the manifest itself here, or name the path that the link leads to")
    case .submodule:
      Diagnostic(
        .gitSubmodule, "a submodule is not read", at: .path(refused.path),
        help: "name paths beside it, or review the submodule's own repository")
    case .nameNotText, .unsafePath:
      Diagnostic(
        .gitUnsafeName, "no manifest can have this name", at: .path(refused.path),
        help: "names are UTF-8 without control characters, backslashes, '..' and '.git'")
    case .tooLarge(let bytes, let max):
      Diagnostic(
        .gitTooLarge, "a file of \(bytes) bytes, more than the \(max) that are read",
        at: .path(refused.path), help: "split it")
    case .missing:
      Diagnostic(
        .gitDamaged, "its content is not in this clone", at: .path(refused.path),
        help: "fetch it first: 'git fsck' and 'git fetch --refetch' help")
    }
  }
}
