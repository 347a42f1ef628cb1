import Diagnostics

/// The JSON Schemas of the documents that people and other programs read (draft 2020-12).
///
/// Each is what the document's own reader asks for, and closed: a member that nobody reads is refused.
public enum DocumentSchemas {
  /// By the name of its file in `schemas/`.
  public static var files: [(name: String, text: String)] {
    [
      (SavedPlan.kind, schema(SavedPlan.self)),
      (SimulationReport.kind, schema(SimulationReport.self)),
      (Snapshot.kind, schema(Snapshot.self)),
    ]
    .map { ("\($0.0).schema.json", $0.1) }
  }

  private static func schema(_ document: (some Document).Type) -> String {
    do throws(DocumentProblem) {
      return try document.schema()
    } catch {
      preconditionFailure("a reader judges what it only describes: \(error.diagnostic.message)")
    }
  }
}
