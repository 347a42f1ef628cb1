import Diagnostics
import Git
import Manifests
import Planning

extension DiagnosticPage {
  /// The pages of what can be wrong with a repository.
  static let gitPages =
    openingPages + rangePages + [
      page(
        .outside("../secrets"), .gitOutside, "A path leads out of the repository.",
        why: "Only what is committed is read, so a path is one of the repository's tree.",
        wayOut: "Name a path from the directory that `--repo` names.",
        when: "`setpoint review main..HEAD ../secrets`:"),
      page(
        .noPath("manifest", at: commit), .gitNoPath, "A revision has nothing under this path.",
        why: "A directory that is gone is unknown, and never means that all of it is to go.",
        wayOut: "Correct the path. To delete objects, say `setpoint delete KIND/NAME`.",
        when: "`setpoint review main..HEAD manifest`, where there is only `manifests`:"),
    ] + contentPages

  private static let openingPages = [
    page(
      .noGit, .gitMissing, "There is no git on the search path.",
      why: "Repositories are read by git itself.", wayOut: "Install git.",
      when: "`setpoint review main..HEAD manifests`:"),
    page(
      .notARepository("/tmp"), .gitNoRepository, "A directory belongs to no Git repository.",
      why: "There is nothing to compare.", wayOut: "Name a repository with `--repo`.",
      when: "`setpoint review main..HEAD manifests --repo /tmp`:"),
    page(
      .foreignOwner("."), .gitForeignOwner,
      "The repository around the current directory belongs to another user.",
      why: "Whoever owns a directory above could have put one there for others to run into.",
      wayOut:
        "Name it with `--repo`, which says that it is meant. Nothing of it is run either way.",
      when: "`setpoint review main..HEAD manifests`, in a container that mounts a checkout:"),
  ]

  private static let rangePages = [
    page(
      .invalidRange("main", why: .shape), .gitInvalidRange,
      "The first argument is no range of two revisions.",
      why: "A change has two sides.",
      wayOut: "Say `BASE..HEAD`, or `BASE...HEAD` for the change since HEAD left BASE.",
      when: "`setpoint review main manifests`:"),
    page(
      .unknownRevision("topic"), .gitUnknownRevision, "No commit has this name.",
      why: "Only what is in this clone can be read; nothing is fetched.",
      wayOut: "Correct the name, or fetch the branch first.",
      when: "`setpoint review main..topic manifests`:"),
    page(
      .shallow("main"), .gitShallow, "A revision lies beyond the end of a shallow clone.",
      why: "CI jobs often clone the newest commit only, and a change has two.",
      wayOut: "Say `git fetch --unshallow`, or set `fetch-depth: 0` (GitHub) or `GIT_DEPTH: 0`"
        + " (GitLab).",
      when: "`setpoint review main...HEAD manifests` in a shallow clone:"),
    page(
      .unrelated("main", "pages"), .gitUnrelated, "Two revisions have no commit in common.",
      why: "Three dots ask for the change since HEAD left BASE, and it never did.",
      wayOut: "Compare them as they are, with two dots.",
      when: "`setpoint review main...pages manifests`:"),
  ]

  private static let contentPages = [
    page(
      refused(.symlink, "manifests/latest.yaml"), .gitLink, "A manifest is a symbolic link.",
      why: "In a tree of Git's it is only a text, and it may lead anywhere.",
      wayOut: "Put the manifest itself there, or name the path that the link leads to."),
    page(
      refused(.submodule, "manifests/vendored"), .gitSubmodule, "A submodule lies in the path.",
      why: "What it holds is in another repository, and so it is unknown.",
      wayOut: "Name the paths beside it, or review its own repository."),
    page(
      refused(.unsafePath, "manifests/../x.yaml"), .gitUnsafeName,
      "A file has a name that no manifest may have.",
      why: "No checkout can hold it, or not everybody reads it alike.",
      wayOut: "Rename it: UTF-8 without control characters, backslashes, `..` and `.git`."),
    page(
      refused(.tooLarge(bytes: 20_000_000, max: 1 << 20), "manifests/all.yaml"), .gitTooLarge,
      "A file, or all files together, are larger than what is read.",
      why: "A review must end soon, and in little memory, whatever a repository holds.",
      wayOut: "Split the file, or name a smaller directory."),
    page(
      .damaged("object 587be6b is missing"), .gitDamaged,
      "Something that a tree names can't be read.",
      why: "The repository is damaged, or a partial clone that lacks the file.",
      wayOut: "`git fsck` tells more. Fetch what is missing; nothing is fetched by itself.",
      when: "`setpoint review main..HEAD manifests`:"),
    page(
      .failed("permission denied"), .gitFailed, "git could not be run to its end.",
      why: "The system, or git itself, said no.", wayOut: "Do what its words ask for.",
      when: "`setpoint review main..HEAD manifests`:"),
  ]

  /// Any commit, for examples.
  private static var commit: CommitID {
    guard let commit = CommitID(String(repeating: "c0ffee01", count: 5)) else {
      preconditionFailure("forty digits are a commit's id")
    }
    return commit
  }

  private static func refused(_ why: GitListing.Refused.Why, _ path: String) -> Diagnostic {
    GitWording.diagnostic(GitListing.Refused(path: path, why: why))
  }

  private static func page(
    _ problem: GitProblem, _ code: Code, _ what: String, why: String, wayOut: String, when: String
  ) -> DiagnosticPage {
    DiagnosticPage(
      code, what, why: why, wayOut: wayOut, example: event(when, GitWording.diagnostic(problem)))
  }

  private static func page(
    _ diagnostic: Diagnostic, _ code: Code, _ what: String, why: String, wayOut: String
  ) -> DiagnosticPage {
    DiagnosticPage(
      code, what, why: why, wayOut: wayOut,
      example: event("`setpoint review main..HEAD manifests`:", diagnostic))
  }
}
