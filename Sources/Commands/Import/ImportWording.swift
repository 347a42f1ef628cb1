import Diagnostics
import Manifests

extension Code {
  static let importFailed = Code("import", "failed")
  static let importNothing = Code("import", "nothing")
  static let importExists = Code("import", "exists")
  static let importUnwritable = Code("import", "unwritable")
}

/// What an import comes to, in words.
enum ImportWording {
  static func failed(_ why: String) -> Diagnostic {
    Diagnostic(
      .importFailed, "what runs there can't be read: \(why)", at: .invocation,
      help: "--kubeconfig, --context and --namespace say where to look; docs/kubernetes.md has the"
        + " role that suffices")
  }

  static func nothing(_ namespace: String, skippedCount: Int) -> Diagnostic {
    Diagnostic(
      .importNothing,
      skippedCount == 0
        ? "there is no Deployment, StatefulSet or Job in namespace '\(namespace)'"
        : "there is nothing in namespace '\(namespace)' but what is left out", at: .invocation,
      help: skippedCount == 0 ? "name another one with --namespace" : nil)
  }

  static func exists(_ path: String) -> Diagnostic {
    Diagnostic(
      .importExists, "there is a file already", at: .path(path),
      help: "name a new directory with --directory; nothing was written")
  }

  static func unwritable(_ path: String, _ problem: POSIX.Problem) -> Diagnostic {
    Diagnostic(.importUnwritable, "can't be written: \(problem.text)", at: .path(path))
  }

  static func done(_ count: Int, noteCount: Int, in directory: String?) -> String {
    let what = "Imported \(count) workload\(count == 1 ? "" : "s")"
    let place = directory.map { " into \(Visible.line($0))" } ?? ""
    guard noteCount > 0 else { return "\(what)\(place).\n" }
    let notes = noteCount == 1 ? "1 comment says" : "\(noteCount) comments say"
    return "\(what)\(place); \(notes) what is otherwise there.\n"
  }
}

extension DiagnosticPage {
  /// The pages of what can go wrong with an import.
  static let importPages = [
    DiagnosticPage(
      .importFailed, "An import could not read what a Kubernetes runs.",
      why: "What can't be read would be missing from the manifests without anybody noticing.",
      wayOut: "Name the right kubeconfig, context and namespace. Whoever imports must be let list"
        + " Deployments, StatefulSets and Jobs there; `docs/kubernetes/rbac.yaml` has the role.",
      example: event(
        "`setpoint import kubernetes`, as somebody who may not list Deployments:",
        ImportWording.failed(
          #"not permitted: deployments.apps is forbidden: User "me" cannot list resource "#
            + #""deployments""#))),
    DiagnosticPage(
      .importNothing, "There is nothing to import in a namespace.",
      why: "Kubernetes answers the same for an empty namespace and for one that is not there.",
      wayOut: "Name the namespace with `--namespace`. What something else makes, such as the Jobs"
        + " of a CronJob, and Jobs that have ended are left out.",
      example: event(
        "`setpoint import kubernetes --namespace lm`, where it is called `ml`:",
        ImportWording.nothing("lm", skippedCount: 0))),
    DiagnosticPage(
      .importExists, "A file that an import was to write is there already.",
      why: "It may have been changed by hand since it was imported.",
      wayOut: "Import into a new directory and compare, or remove the file.",
      example: event(
        "`setpoint import kubernetes --directory manifests`, a second time:",
        ImportWording.exists("manifests/chat.yaml"))),
    DiagnosticPage(
      .importUnwritable, "A directory that an import was to write to can't be written.",
      why: "The manifests would be lost.",
      wayOut: "Name a directory that is yours, or leave `--directory` out and lead the output"
        + " where it is wanted.",
      example: event(
        "`setpoint import kubernetes --directory /etc/manifests`:",
        ImportWording.unwritable("/etc/manifests", POSIX.Problem(code: 13)))),
  ]
}
