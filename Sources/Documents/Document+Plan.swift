import Diagnostics
import Digests
public import JSON
import Manifests
public import Model
public import Planning
import YAML

/// A plan as it is saved, reviewed and applied later: with the manifests that it carries out, and a
/// digest of all of it.
public struct SavedPlan: Hashable, Sendable {
  public var plan: Plan
  /// All desired objects as canonical manifests.
  public var manifests: String
  /// The price files that clusters name, sorted by cluster.
  public var priceFiles: [SavedPrices]
  /// When the world was seen that it was made on.
  public var at: Timestamp
  /// The plan in one line, as the history will list it.
  public var summary: String

  public init(
    plan: Plan, manifests: String, priceFiles: [SavedPrices] = [], at: Timestamp, summary: String
  ) {
    self.plan = plan
    self.manifests = manifests
    self.priceFiles = priceFiles
    self.at = at
    self.summary = summary
  }
}

/// The price file of a cluster, as it was read.
public struct SavedPrices: Hashable, Sendable {
  public var cluster: ClusterName
  /// As the command line led to it; empty for prices that the state had, of another set or of an
  /// earlier revision.
  public var path: String
  public var text: String

  /// As the state keeps it.
  public var kept: ClusterPrices { ClusterPrices(cluster: cluster, text: text) }

  public init(cluster: ClusterName, path: String, text: String) {
    self.cluster = cluster
    self.path = path
    self.text = text
  }
}

extension SavedPlan: Document {
  public static var kind: String { "plan" }
  public static var formatVersion: Int { 1 }

  public func write(to writer: inout JSONWriter) {
    writeBody(to: &writer)
    writer.member("digest", digest.hex)
  }

  /// Of everything but itself, as it would be written: white space doesn't count.
  private var digest: Digest {
    Digest(of: JSONWriter.object { writeBody(to: &$0) })
  }

  private func writeBody(to writer: inout JSONWriter) {
    writer.member("id", plan.id.digest.hex)
    writer.member("at", at.description)
    writer.member("summary", summary)
    writer.member("changes", plan.changes)
    writer.member("nodes", plan.nodes)
    writer.member("placements", plan.placements)
    writer.member("pending", plan.pending)
    writer.member("report", plan.report)
    writer.member("gates", plan.gates)
    writer.member("cost", plan.cost)
    writer.member("actions", plan.actions.map(ActionRecord.init))
    writer.member("readSet", plan.readSet.facts)
    writer.member("target", plan.target)
    writer.member("manifests", manifests)
    writer.member("priceFiles", priceFiles)
  }

  public init(from object: ObjectReader) throws(DocumentProblem) {
    let manifests = try object.text("manifests")
    var content = PlanContent(target: try object.part("target"))
    let priceFiles = try object.parts("priceFiles", SavedPrices.self)
    let wishes = CanonicalText.wishes(manifests, priceFiles.map(\.kept))
    try object.require(
      content.target.desired == Digest(of: wishes), "manifests",
      "the manifests are not those that the plan was made for", code: .documentAltered)
    let desired = try Self.desired(manifests, object)
    content.changes = try object.parts("changes")
    content.nodes = try object.parts("nodes")
    content.placements = try object.parts("placements")
    content.pending = try object.parts("pending")
    content.report = try object.parts("report")
    content.gates = try object.parts("gates")
    content.cost = try object.part("cost")
    let names = StepNames(content.target, desired)
    for record in try object.parts("actions", ActionRecord.self) {
      guard let action = names.action(record) else {
        throw object.problem("actions", .documentShape, "\(record) is none of the target's")
      }
      content.actions.append(action)
    }
    content.readSet = ReadSet(try object.parts("readSet"))
    self.init(
      plan: Plan(content), manifests: manifests, priceFiles: priceFiles,
      at: try object.form("at"), summary: try object.text("summary"))
    let (id, digest) = (try object.text("id"), try object.text("digest"))
    try object.require(
      digest == self.digest.hex && id == plan.id.digest.hex, "digest",
      "the plan is not what was saved: its digest is another one", code: .documentAltered,
      help: "a plan is applied as it was saved, or not at all; plan again")
  }

  private static func desired(
    _ manifests: String, _ object: ObjectReader
  ) throws(DocumentProblem) -> DesiredState {
    guard !manifests.isEmpty else { return .empty }
    let source = SourceText(path: "manifests", text: manifests)
    let read = ManifestReader.read(Sources([source]), limits: .generated)
    if let problem = read.diagnostics.first(where: { $0.severity == .error }) {
      throw object.problem("manifests", .documentShape, problem.message)
    }
    return DesiredState(read.value.manifests.map(\.spec))
  }
}

extension Target: DocumentPart {}

extension SavedPrices: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("cluster", cluster.text)
    writer.member("path", path)
    writer.member("text", text)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      cluster: ClusterName(try object.text("cluster")), path: try object.text("path"),
      text: try object.text("text"))
  }
}
