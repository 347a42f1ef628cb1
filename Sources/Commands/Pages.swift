import Diagnostics
import Interfaces
public import Manifests
import Model
import Planning

extension DiagnosticPage {
  /// The pages of all codes that there are: the registry.
  public static let all = (reading + commands).sorted { $0.code < $1.code }

  /// The pages of what the command line itself reports.
  static let commands: [DiagnosticPage] =
    sourcePages + locationPages + documentPages + statePages + gitPages + planPages + applyPages
    + revisionPages + simulatePages + loadPages + usagePages + pausePages + importPages + leasePages
    + otherPages

  static func event(_ words: String, _ diagnostic: Diagnostic) -> Example {
    .event(words) { [diagnostic] }
  }

  private static let sourcePages = [
    DiagnosticPage(
      .sourceNotFound, "A path on the command line leads nowhere.",
      why: "Nothing is planned on what may be a typing mistake: what a missing file would declare"
        + " is unknown, and to take it for nothing would delete things.",
      wayOut: "Correct the path.",
      example: event(
        "`setpoint plan manifest`, where there is a directory `manifests`:",
        SourceWording.notFound("manifest", near: "manifests"))),
    DiagnosticPage(
      .sourceNoManifests, "A directory holds no manifest.",
      why: "An empty directory is more often a mistake than the wish to delete everything.",
      wayOut: "Name the right directory. To delete objects, say `setpoint delete KIND/NAME`.",
      example: event("`setpoint plan empty/`:", SourceWording.noManifests("empty/"))),
    DiagnosticPage(
      .sourceUnreadable, "A file or directory is there and can't be read.",
      why: "What it declares is unknown, and unknown is not absent.",
      wayOut: "Correct its permissions, or mend or remove the link.",
      example: event(
        "`setpoint plan manifests/`, where one file belongs to somebody else:",
        SourceWording.unreadable("manifests/secret.yaml", "Permission denied"))),
    DiagnosticPage(
      .sourceTooDeep, "Directories lie too deep within each other.",
      why: "So deep a tree is an accident, and reading it might not end.",
      wayOut: "Name the directories that are meant.",
      example: event(
        "`setpoint plan /`:", SourceWording.tooDeep("/a/b/c", depthMax: 32))),
    DiagnosticPage(
      .sourceRepeatedInput, "Standard input is named twice.",
      why: "It can be read only once.", wayOut: "Name `-` once.",
      example: event("`setpoint plan - -`:", SourceWording.repeatedInput())),
  ]

  private static let statePages = [
    statePage(
      .busy(path: ".setpoint/state.db"), .stateBusy,
      "Another process is writing the state.",
      why: "Two writers at once would undo each other's work; one waits.",
      wayOut: "Say the same again when the other one is done."),
    statePage(
      .diskFull(path: ".setpoint/state.db"), .stateDiskFull,
      "There is no space left to write the state.",
      why: "Nothing is done to a cluster before the intent is on disk, so nothing was done.",
      wayOut: "Make room and say the same again."),
    statePage(
      .newer(path: ".setpoint/state.db", version: 9, supported: 1), .stateNewer,
      "The state was written by a newer release.",
      why: "An older release would misread or lose what it does not know.",
      wayOut: "Use the release that wrote it, or a later one."),
    statePage(
      .corrupt(path: ".setpoint/state.db", detail: "file is not a database"), .stateCorrupt,
      "The state is damaged, or not a state file at all.",
      why: "To guess at what it said could delete what runs.",
      wayOut: "Bring it back from a backup. Without one, move it away and apply the manifests"
        + " again: what runs carries owner tags and is found by them."),
    statePage(
      .unreadable(path: "/root/state.db", detail: "Permission denied"), .stateUnreadable,
      "The state can't be opened.",
      why: "Without it nothing is known of what was decided before.",
      wayOut: "Correct the path or its permissions, or name another file with `--state`."),
    DiagnosticPage(
      .stateOvertaken, "Somebody else's plan was adopted first.",
      why: "This plan was made on a state that is not current any more.",
      wayOut: "Look at `setpoint history` and plan again.",
      example: event(
        "Two applies at once:", StateWording.overtaken(".setpoint/state.db"))),
    DiagnosticPage(
      .stateKept, "Another `setpoint run` keeps this state.",
      why: "Two of them would plan and act on the same world at the same time.",
      wayOut:
        "Stop the other one. Where it died, wait: its turn ends by itself within half a minute.",
      example: event(
        "A second `setpoint run`:",
        StateWording.kept(
          by: Lease(
            holder: "process 4711 on head-1 (3fa2)", end: Timestamp(seconds: 1_800_000_000)),
          ".setpoint/state.db"))),
    DiagnosticPage(
      .stateBackupExists, "A backup was to be written over a file.",
      why: "It may be the last good copy.", wayOut: "Name a file that is not there yet.",
      example: event(
        "`setpoint backup monday.db`, for the second time:",
        StateWording.backupExists("monday.db"))),
    DiagnosticPage(
      .stateQuarantined, "Manifests were being read or planned at several crashes.",
      why: "A run that begins them once more would most likely die once more, and nothing that it"
        + " keeps would be kept. What was decided before is carried on.",
      wayOut: "Change the manifests, or apply them by hand; and please report it.",
      example: event(
        "`setpoint run`, started again by the system after each of three crashes:",
        StateWording.quarantined("planning of 3f786850e387"))),
  ]

  private static func statePage(
    _ error: StoreError, _ code: Code, _ what: String, why: String, wayOut: String
  ) -> DiagnosticPage {
    DiagnosticPage(
      code, what, why: why, wayOut: wayOut,
      example: event("On any command that uses the state:", StateWording.diagnostic(error)))
  }

  private static let otherPages = [
    DiagnosticPage(
      .worldUnreadable, "The file of the simulated world can't be read or written.",
      why: "The simulated provider keeps its world beside the state.",
      wayOut:
        "Correct its permissions, or make room; or remove it, which makes a new, empty world.",
      example: event(
        "On any command that looks at the world:",
        WorldWording.unreadable(.terminal("file is not a database")))),
    DiagnosticPage(
      .worldDrill, "A drill can't be understood, or not be done.",
      why: "`setpoint drill` takes words, and these mean nothing to it.",
      wayOut: "`setpoint drill --help` lists the drills.",
      example: event("`setpoint drill loose node a`:", WorldWording.drill("no such drill"))),
    DiagnosticPage(
      .outputUnwritable, "What was to be shown can't be written.",
      why:
        "Standard output leads to a full disk, or to something that is gone. What was not shown is"
        + " not done either.",
      wayOut: "See where standard output leads to, and say the same again.",
      example: event(
        "`setpoint plan manifests > /dev/full`:",
        OutputWording.unwritable(POSIX.Problem(code: 28)))),
    DiagnosticPage(
      .explainUnknownField, "There is no field of that path.",
      why: "Paths begin with a kind, and go from field to field with dots.",
      wayOut: "`setpoint explain workload` lists the fields of a kind.",
      example: event(
        "`setpoint explain workload.spec.replica`:",
        ExplainWording.unknownField(
          "workload.spec.replica", near: "workload.spec.replicas"))),
    DiagnosticPage(
      .explainUnknownCode, "There is no replica, no node and no code of that name.",
      why: "A slash stands in the name of a replica, `chat/0`, of a node, `demo/a100-1`, and in the"
        + " code in brackets behind the word `error`.",
      wayOut: "`setpoint get` lists what there is; a code is copied from its message.",
      example: event(
        "`setpoint explain manifest/unknown-fiel`:",
        ExplainWording.unknownCode(
          "manifest/unknown-fiel", near: "manifest/unknown-field"))),
    DiagnosticPage(
      .objectUnknown, "No object of that kind and name was applied.",
      why: "Only what was applied can be described or deleted.",
      wayOut: "`setpoint get` lists what was applied.",
      example: event(
        "`setpoint describe Workload/chta`:",
        ObjectWording.unknown(
          .init(.workload, "chta"), among: [.init(.workload, "chat")]))),
  ]
}
