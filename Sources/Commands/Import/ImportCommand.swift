import ArgumentParser
import Catalog
import Diagnostics
import KubernetesProvider
import Manifests
import Model
import Planning
import Views

struct ImportCommand: TalkingCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Print manifests for what a Kubernetes runs already, and change nothing.",
    discussion: HelpText.discussion(
      """
      A Deployment or a StatefulSet becomes an inference workload, a Job a training. What a manifest \
      can't say stands in a comment above it, with its path. The objects themselves stay as they are: \
      take them away once their replicas run here.

      Without names, all of the namespace are meant, but for those that something else makes, and for \
      Jobs that have ended.
      """,
      examples: [
        "import kubernetes --namespace ml > imported.yaml",
        "import kubernetes Deployment/chat Job/finetune --namespace ml",
        "import kubernetes --cluster research --directory manifests",
      ]))

  enum Place: String, CaseIterable, ExpressibleByArgument { case kubernetes }

  @Argument(help: "From where.")
  var place: Place

  @Argument(help: "Which ones, as Deployment/NAME, StatefulSet/NAME or Job/NAME.")
  var names: [String] = []

  @Option(help: ArgumentHelp("The namespace that they are in.", valueName: "name"))
  var namespace = "default"

  @Option(
    help: ArgumentHelp(
      "The file that says where the API server is; else that of KUBECONFIG, else ~/.kube/config.",
      valueName: "file"))
  var kubeconfig: String?

  @Option(help: ArgumentHelp("The context of that file.", valueName: "name"))
  var context: String?

  @Option(
    help: ArgumentHelp(
      "Write the cluster as well, under this name, and let them run there only; with --directory.",
      valueName: "name"))
  var cluster: String?

  @Option(help: "Write each manifest into a file of its own in this directory instead.")
  var directory: String?

  @Flag(help: "Let the kubeconfig name a program that fetches credentials.")
  var allowExec = false

  @Flag(help: "Let the kubeconfig say insecure-skip-tls-verify.")
  var allowInsecure = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    for name in names {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, ["Deployment", "StatefulSet", "Job"].contains(parts[0]),
        !parts[1].isEmpty
      else {
        throw ValidationError(
          "'\(name)' names none: write Deployment/NAME, StatefulSet/NAME or Job/NAME.")
      }
    }
    if cluster != nil, directory == nil {
      throw ValidationError("--cluster writes more than one file, so it needs a --directory.")
    }
    if let cluster, !NameRule.object.accepts(cluster) {
      throw ValidationError(
        "'\(cluster)' is no name of a cluster: expected \(NameRule.object.expectation).")
    }
    guard NameRule.object.accepts(namespace) else {
      throw ValidationError("'\(namespace)' is no name of a namespace.")
    }
  }

  func perform(_ terminal: Terminal) async throws(Trouble) -> Exit {
    let found: Import
    do throws(Failure) {
      found = try await Import(from: settings, namespace: namespace, names: names, .process)
    } catch { throw .problem(ImportWording.failed("\(error)")) }
    for skipped in found.skipped {
      terminal.say("Left out: \(Visible.line("\(skipped.origin): \(skipped.reason)"))\n")
    }
    guard !found.workloads.isEmpty else {
      throw .problem(ImportWording.nothing(namespace, skippedCount: found.skipped.count))
    }
    let view = ImportView(clusterDocuments(found) + found.workloads.map(document))
    if let directory {
      try write(view, to: directory)
    } else {
      try terminal.print(view.text)
    }
    let noteCount = found.workloads.map(\.notes.count).reduce(0, +)
    terminal.say(ImportWording.done(found.workloads.count, noteCount: noteCount, in: directory))
    return .done
  }

  private var settings: KubernetesSettings {
    KubernetesSettings(
      kubeconfig: kubeconfig, context: context, allowsExec: allowExec,
      allowsInsecure: allowInsecure)
  }

  private func document(_ imported: Import.Imported) -> ImportView.Document {
    var workload = imported.workload
    workload.clusters = cluster.map { [ClusterName($0)] } ?? []
    return ImportView.Document(
      of: .workload(workload), "\(workload.name).yaml", from: imported.origin,
      notes: imported.notes.map { "\($0.path): \($0.text)" })
  }

  /// The cluster, and a price file where its region or zones are none that the catalogue knows: without
  /// it the manifest would be of no use.
  private func clusterDocuments(_ found: Import) -> [ImportView.Document] {
    guard let cluster else { return [] }
    var settings = settings
    var notes: [String] = []
    if let path = kubeconfig, !path.hasPrefix("/") {
      settings.kubeconfig = nil
      notes.append("kubernetes.kubeconfig: '\(path)' is not written, since it is no absolute path")
    }
    let known = Catalog.builtIn.region(named: found.region)
    let isKnown = known.map { region in found.zones.allSatisfy(region.zones.contains) } ?? false
    let prices = isKnown ? nil : "\(cluster).prices.yaml"
    let spec = ClusterSpec(
      metadata: Metadata(name: cluster), provider: .kubernetes(settings), region: found.region,
      zones: found.zones, catalog: prices)
    let origin = "the nodes that there are"
    let region = Region(
      name: found.region, cloud: known?.cloud ?? "kubernetes",
      zones: Array(Set((known?.zones ?? []) + found.zones)))
    return [
      ImportView.Document(
        of: .cluster(spec), "\(cluster).cluster.yaml", from: origin, notes: notes)
    ]
      + (prices.map { [ImportView.Document(of: PriceFile(regions: [region]), $0, from: origin)] }
        ?? [])
  }

  /// All files or none: what is there already may have been changed by hand since.
  private func write(_ view: ImportView, to directory: String) throws(Trouble) {
    let files = view.files.map { ("\(directory)/\($0.name)", $0.text) }
    for (path, _) in files where POSIX.isThere(path) {
      throw .problem(ImportWording.exists(path))
    }
    do throws(POSIX.Problem) {
      try POSIX.makeDirectory(directory)
      for (path, text) in files { try POSIX.create(path, text) }
    } catch {
      throw .problem(ImportWording.unwritable(directory, error))
    }
  }
}
