import Diagnostics
import Documents
import Manifests
import Planning

extension DiagnosticPage {
  /// The pages of what can be wrong with a document, a file that another command wrote.
  static let documentPages = [
    DiagnosticPage(
      .documentShape, "A document is not what it should be.",
      why: "What is missing or misread in it is unknown, and nothing is decided on a guess.",
      wayOut: "Have the command write it anew that writes documents of this kind, for example"
        + " `setpoint snapshot`.",
      example: .document(
        "`setpoint plan manifests --observed snapshot.json`, where that file says:",
        SourceText(
          path: "snapshot.json",
          text: """
            {
              "kind": "snapshot",
              "formatVersion": 1,
              "at": "yesterday",
              "observations": []
            }

            """), { Snapshot.read($0).diagnostics })),
    DiagnosticPage(
      .documentVersion, "A document was written by a newer release.",
      why: "An older release would misread what it does not know.",
      wayOut: "Use the release that wrote it, or a later one.",
      example: .document(
        "`setpoint plan manifests --observed snapshot.json`, where that file says:",
        SourceText(
          path: "snapshot.json", text: "{\"kind\": \"snapshot\", \"formatVersion\": 99}\n"),
        { Snapshot.read($0).diagnostics })),
    DiagnosticPage(
      .documentAltered, "A document is not what its own id or digest says.",
      why: "Somebody or something changed it after it was written, and what was looked at then is"
        + " not what would be done now.",
      wayOut: "Make it anew; what was decided is changed by changing manifests.",
      example: .document(
        "A target whose content was changed by hand:",
        SourceText(
          path: "target.json",
          text: """
            {
              "kind": "target",
              "formatVersion": 1,
              "id": "\(zeros)",
              "desired": "\(zeros)",
              "nodes": [],
              "replicas": [],
              "surge": [],
              "finished": [],
              "nextNodeOrdinals": [],
              "lastIncarnation": 7
            }

            """), { Target.read($0).diagnostics })),
  ]

  private static let zeros = String(repeating: "0", count: 64)
}
