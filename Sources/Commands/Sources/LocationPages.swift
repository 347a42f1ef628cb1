import Diagnostics
import Git
import Manifests

extension DiagnosticPage {
  /// The pages of what can be wrong with a source in Git that is followed.
  static let locationPages = [
    DiagnosticPage(
      .sourceInvalidLocation, "A source is not named as `REPOSITORY@REF:PATH`.",
      why: "What is followed must be one repository, one branch and one directory.",
      wayOut: "Write the repository as a URL, then `@` and the branch, then `:` and the path.",
      example: event(
        "`setpoint run --source /srv/fleet.git`:",
        LocationWording.diagnostic("/srv/fleet.git", .shape))),
    DiagnosticPage(
      .sourceUnknownScheme, "A source is named by a protocol that is not used.",
      why: "Over `http` and `git` anybody on the way can change what is read, and other schemes run"
        + " programs.",
      wayOut: "Use `https`, `ssh`, or `file` for a repository on this machine.",
      example: event(
        "`setpoint run --source http://git.example/fleet.git@main:manifests`:",
        LocationWording.diagnostic("", .scheme("http")))),
    DiagnosticPage(
      .sourceSecret, "The URL of a source holds a password, or a query that could be one.",
      why: "Arguments stand in lists of processes, in histories and in logs.",
      wayOut: "Keep it where git finds it: an ssh key, `~/.netrc`, or a program in `GIT_ASKPASS`."
        + " Then change it, since it was seen.",
      example: event(
        "`setpoint run --source https://bot:hunter2@git.example/fleet.git@main:manifests`:",
        LocationWording.diagnostic("", .secret))),
    followed(
      .unreachable("couldn't find remote ref refs/heads/mian"), .gitUnreachable,
      "A source can't be fetched.",
      why:
        "A branch that is gone, or a server that does not answer, says nothing of what is wanted:"
        + " the last good revision stays.",
      wayOut: "Correct the name, or wait: it is tried again, ever more seldom, up to five minutes."),
    followed(
      .rewound(to: commit("2"), from: commit("1")), .gitRewound,
      "A branch shows a commit that does not follow the one that was taken last.",
      why: "An older commit, signed as it may be, would undo what came after it.",
      wayOut: "Where the branch was rewound on purpose, start `run` once with `--rewind-to` and the"
        + " commit's full id. A `git revert` needs no consent."),
    followed(
      .unverified(commit("2")), .gitUnverified,
      "A commit is not signed by anybody whose signature counts.",
      why: "`--verify` says that only such commits are applied; a good signature of an unknown key"
        + " is worth nothing.",
      wayOut: "Sign the commit, or add its signer's key to `--signers`. A key in `--revoked` never"
        + " counts."),
  ]

  private static func followed(
    _ problem: GitProblem, _ code: Code, _ what: String, why: String, wayOut: String
  ) -> DiagnosticPage {
    DiagnosticPage(
      code, what, why: why, wayOut: wayOut,
      example: event(
        "`setpoint run --source file:///srv/fleet.git@main:manifests`:",
        GitWording.diagnostic(problem)))
  }

  private static func commit(_ digit: String) -> CommitID {
    guard let commit = CommitID(String(repeating: digit, count: 40)) else {
      preconditionFailure("forty digits are a commit's id")
    }
    return commit
  }
}
