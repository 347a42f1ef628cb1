import ArgumentParser
import Documents
import Manifests

struct Schema: PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of manifests, of one kind, or of a document.",
    discussion: HelpText.discussion(
      """
      Editors that speak YAML check manifests by it: \
      '# yaml-language-server: $schema=schemas/setpoint.schema.json' in a file's first line.
      """,
      examples: ["schema > setpoint.schema.json", "schema workload", "schema --directory schemas"]))

  @Argument(
    help: """
      Cluster, NodePool, Queue, Workload, Gate, PriceFile, Load, Usage, settings, plan, simulation or \
      snapshot.
      """)
  var kind: String?

  @Option(help: "Write the schemas of all files into this directory instead.")
  var directory: String?

  func print(to terminal: Terminal) throws {
    if let directory { return try write(to: directory) }
    guard let kind else { return try terminal.print(JSONSchema.manifests) }
    guard let file = Self.files.first(where: { $0.name == "\(kind.lowercased()).schema.json" })
    else {
      throw ValidationError("There is no schema of '\(kind)'; 'setpoint help schema' lists them.")
    }
    try terminal.print(file.text)
  }

  private static var files: [(name: String, text: String)] {
    JSONSchema.files + DocumentSchemas.files
  }

  private func write(to directory: String) throws {
    do throws(POSIX.Problem) {
      try POSIX.makeDirectory(directory)
      for file in Self.files {
        try POSIX.create("\(directory)/\(file.name)", file.text)
      }
    } catch {
      throw ValidationError("'\(directory)' can't be written: \(error.text).")
    }
  }
}
