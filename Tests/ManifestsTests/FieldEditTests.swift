import Diagnostics
import Manifests
import Model
import Testing

/// A field becomes another one in the text that people wrote, and nothing else does.
@Suite struct FieldEditTests {
  private let object = ObjectID(.workload, "it")

  /// The text after the edit, or why there is none.
  private func edited(
    _ text: String, _ path: [String], _ value: FieldEdit.Value, of object: ObjectID? = nil
  ) -> Result<String, UneditableField> {
    let sources = Sources([SourceText(path: "m.yaml", text: text)])
    let read = ManifestReader.read(sources)
    #expect(!read.hasErrors, "\(read.diagnostics)")
    let edit = FieldEdit(object ?? self.object, ["spec"] + path, value, before: "", after: "")
    do throws(UneditableField) {
      let changed = sources.applying([try read.value.text(of: edit, in: sources)])
      return .success(String(decoding: changed.texts[0].bytes, as: UTF8.self))
    } catch {
      return .failure(error)
    }
  }

  private func workload(_ lines: String) -> String {
    manifest("Workload", "type: training\nreplicas: 2\n" + lines)
  }

  private func pool(_ lines: String) -> String {
    manifest("NodePool", "cluster: lab\nnodes: 0..4\n" + lines)
  }

  @Test(arguments: [
    ("resources: {cpu: 8, memory: 64Gi}  # why", "resources: {cpu: 8, memory: 12Gi}  # why"),
    (
      "resources:\n  # as measured\n  memory: 64Gi # much",
      "resources:\n  # as measured\n  memory: 12Gi # much"
    ),
    ("resources: {memory: '64Gi'}", "resources: {memory: '12Gi'}"),
    ("resources: {memory: \"64Gi\"}", "resources: {memory: \"12Gi\"}"),
    ("resources: {memory: &m 64Gi}", "resources: {memory: &m 12Gi}"),
    ("resources: {memory: !!str 64Gi}", "resources: {memory: !!str 12Gi}"),
    ("resources: {memory: &m '64Gi', storage: *m}", "resources: {memory: &m '12Gi', storage: *m}"),
    ("resources: {storage: &m 64Gi, memory: *m}", "resources: {storage: &m 64Gi, memory: 12Gi}"),
    ("env: {ä: 64Gi}\nresources: {memory: 64Gi}", "env: {ä: 64Gi}\nresources: {memory: 12Gi}"),
    ("resources: {cpu: 8}", "resources: {memory: 12Gi, cpu: 8}"),
    ("resources:\n  storage: 1T", "resources:\n  memory: 12Gi\n  storage: 1T"),
  ])
  func aScalarKeepsAllThatIsAroundIt(_ before: String, _ after: String) {
    let before = before.replacing("{ä: 64Gi}", with: "{A: \"ä 64Gi\"}")
    let after = after.replacing("{ä: 64Gi}", with: "{A: \"ä 64Gi\"}")
    #expect(
      edited(workload(before), ["resources", "memory"], .scalar("12Gi"))
        == .success(workload(after)))
  }

  @Test(arguments: [
    ("H100:8", "H100:4"), ("H100", "H100:4"), ("'H200|H100:8'", "'H200|H100:4'"),
    ("{models: [H100], count: 8, memory: 80Gi}", "{models: [H100], count: 4, memory: 80Gi}"),
    ("{models: [H100], memory: 80Gi}", "{models: [H100], count: 4, memory: 80Gi}"),
  ])
  func acceleratorsKeepTheirModels(_ before: String, _ after: String) {
    #expect(
      edited(
        workload("resources: {accelerator: \(before)}"), ["resources", "accelerator"],
        .devices("4")) == .success(workload("resources: {accelerator: \(after)}")))
  }

  @Test(arguments: [
    ("instanceTypes: [a, b]  # both", "instanceTypes: [new, a, b]  # both"),
    (
      "instanceTypes:\n  # two\n  - a # one\n  - b",
      "instanceTypes:\n  # two\n  - new\n  - a # one\n  - b"
    ),
    ("instanceTypes:\n- a\n- b", "instanceTypes:\n- new\n- a\n- b"),
    ("instanceTypes:\n  - 'a'\n  - b", "instanceTypes:\n  - new\n  - 'a'\n  - b"),
    ("instanceTypes: [\n  a,\n  b]", "instanceTypes: [\n  new, a,\n  b]"),
  ])
  func aListBeginsWithMore(_ before: String, _ after: String) {
    let object = ObjectID(.nodePool, "it")
    #expect(
      edited(pool(before), ["instanceTypes"], .list(["new", "a", "b"]), of: object)
        == .success(pool(after)))
  }

  @Test func aListOnOneLineMayBecomeAnyOther() {
    let object = ObjectID(.nodePool, "it")
    #expect(
      edited(pool("instanceTypes: [a, b]"), ["instanceTypes"], .list(["c"]), of: object)
        == .success(pool("instanceTypes: [c]")))
    #expect(
      edited(pool("instanceTypes:\n- a\n- b"), ["instanceTypes"], .list(["c"]), of: object)
        == .failure(.unusual))
  }

  @Test func whatIsLeftOutIsPutWhereItIsUsuallyWritten() {
    let object = ObjectID(.nodePool, "it")
    let block = manifest(
      "NodePool", "cluster: lab\ninstanceTypes: [a] # one\n\n# how many\nnodes: 0..4")
    #expect(
      edited(block, ["capacity"], .list(["spot", "on-demand"]), of: object)
        == .success(
          block.replacing("nodes:", with: "capacity: [spot, on-demand]\n  nodes:")))
    let flow =
      "apiVersion: setpoint/v1\nkind: NodePool\nmetadata: {name: it}\n"
      + "spec: {cluster: lab, instanceTypes: [a], nodes: 0..4}\n"
    #expect(
      edited(flow, ["capacity"], .list(["spot"]), of: object)
        == .success(flow.replacing("nodes:", with: "capacity: [spot], nodes:")))
  }

  @Test func aTextOverSeveralLinesIsLeftAlone() {
    let block = workload("resources:\n  memory: >-\n    64Gi")
    #expect(edited(block, ["resources", "memory"], .scalar("12Gi")) == .failure(.unusual))
  }

  /// Who else uses an anchor is found when what was written is read again.
  @Test func whatIsAnchoredMayBeChangedAndWhatIsAnAliasMayNot() {
    let text = manifest(
      "Workload",
      "type: training\nreplicas: 1\nresources: &r {cpu: 1, memory: 64Gi}\nimage: a")
    #expect(
      edited(text, ["resources", "memory"], .scalar("12Gi"))
        == .success(text.replacing("64Gi", with: "12Gi")))
    let shared = manifest(
      "NodePool", "cluster: lab\ncapacity: &c [on-demand]\ninstanceTypes: [a]\nnodes: 0..4")
    #expect(
      edited(shared, ["capacity"], .list(["spot", "on-demand"]), of: ObjectID(.nodePool, "it"))
        == .success(shared.replacing("[on-demand]", with: "[spot, on-demand]")))
  }

  @Test func fieldsWithinFieldsAreFound() {
    let text = manifest(
      "NodePool",
      "cluster: lab\nnodes: 0..4\ninstanceTypes: [a]\n"
        + "headroom: {replicas: 1, resources: &r {memory: 64Gi}}")
    #expect(
      edited(
        text, ["headroom", "resources", "memory"], .scalar("12Gi"), of: ObjectID(.nodePool, "it"))
        == .success(text.replacing("64Gi", with: "12Gi")))
    #expect(
      edited(text, ["limits", "cost"], .scalar("$1/h"), of: ObjectID(.nodePool, "it"))
        == .failure(.unusual), "there is nothing that it could be put into")
    #expect(
      edited(text, ["nodes"], .scalar("1"), of: ObjectID(.nodePool, "other"))
        == .failure(.notDeclared))
  }

  @Test func severalEditsOfAFileDontDisturbOneAnother() throws {
    let text = workload("resources: {cpu: 8, memory: 64Gi}")
    let sources = Sources([SourceText(path: "m.yaml", text: text)])
    let set = ManifestReader.read(sources).value
    let edits = try [("memory", "1234Gi"), ("cpu", "16")].map {
      try set.text(
        of: FieldEdit(
          object, ["spec", "resources", $0.0], .scalar($0.1), before: "", after: ""),
        in: sources)
    }
    let changed = sources.applying(edits)
    #expect(
      String(decoding: changed.texts[0].bytes, as: UTF8.self)
        == workload("resources: {cpu: 16, memory: 1234Gi}"))
  }
}
