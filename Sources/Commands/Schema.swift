import ArgumentParser
import Manifests
import Model

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of manifests, or of one kind.")

  @Argument(help: "Cluster, NodePool, Queue, Workload or Gate.")
  var kind: String?

  @Option(help: "Write the schemas of all files into this directory instead.")
  var directory: String?

  func run() throws {
    if let directory { return try write(to: directory) }
    guard let kind else { return POSIX.write(JSONSchema.manifests, to: 1) }
    guard let known = Kind.allCases.first(where: { $0.rawValue.lowercased() == kind.lowercased() })
    else {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no kind '\(kind)'; kinds are \(kinds).")
    }
    POSIX.write(JSONSchema.text(for: known), to: 1)
  }

  private func write(to directory: String) throws {
    do throws(POSIX.Problem) {
      try POSIX.makeDirectory(directory)
      for file in JSONSchema.files {
        try POSIX.create("\(directory)/\(file.name)", file.text)
      }
    } catch {
      throw ValidationError("'\(directory)' can't be written: \(error.text).")
    }
  }
}
