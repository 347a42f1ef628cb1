import Foundation
import Testing

/// What may be wrong on the way to the manifests: said with its code, exit 1, and nothing is made.
@Suite struct InputTests {
  struct Mistake: CustomTestStringConvertible {
    let words: String
    let code: String
    /// Where the way out is shown.
    let help: String

    init(_ words: String, _ code: String, _ help: String) {
      self.words = words
      self.code = code
      self.help = help
    }

    var testDescription: String { words }
  }

  static let mistakes = [
    Mistake("plan nowhere", "source/not-found", "name a file, a directory"),
    Mistake("plan goo", "source/not-found", "did you mean 'good'?"),
    Mistake("plan good/web.yml", "source/not-found", "did you mean 'good/web.yaml'?"),
    Mistake("plan empty", "source/no-manifests", "setpoint delete KIND/NAME"),
    Mistake("apply empty --yes", "source/no-manifests", "setpoint delete KIND/NAME"),
    Mistake("plan texts", "source/no-manifests", "end in .yaml or .yml"),
    Mistake("plan /dev/null", "source/unreadable", "nothing is planned without it"),
    Mistake("plan dangling", "source/unreadable", "nothing is planned without it"),
    Mistake("plan - -", "source/repeated-input", "name - once"),
    Mistake("plan blank", "manifest/empty-set", "setpoint delete"),
    Mistake("validate -", "manifest/empty-set", "setpoint delete"),
    Mistake("plan wrong", "manifest/unknown-field", "did you mean 'replicas'?"),
    Mistake("plan good --observed nowhere.json", "source/unreadable", "nothing is planned"),
    Mistake("plan good --observed good/web.yaml", "document/shape", "not a snapshot"),
    Mistake("describe Workload/web", "object/unknown", "lists what was applied"),
    Mistake("delete Workload/web --yes", "object/unknown", "lists what was applied"),
    Mistake("explain workload.spec.replica", "explain/unknown-field", "did you mean"),
    Mistake("explain source/not-fond", "explain/unknown-code", "did you mean 'source/not-found'?"),
    Mistake("apply good", "apply/not-confirmed", "--yes"),
  ]

  @Test(arguments: mistakes) func isSaidWithItsCodeAndAWayOut(_ mistake: Mistake) throws {
    let shell = try Shell([
      "good/web.yaml": Small.service(), "texts/notes.txt": "no manifest", "blank/a.yaml": "",
      "wrong/web.yaml": Small.service().replacing("replicas:", with: "replicsa:"),
    ])
    try FileManager.default.createDirectory(
      at: shell.path("empty"), withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      at: shell.path("dangling"), withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: shell.path("dangling/a.yaml").path, withDestinationPath: "nowhere.yaml")

    let run = try shell.run(mistake.words)
    #expect(run.status == 1)
    #expect(run.talk.contains("error[\(mistake.code)]"), "\(run.talk)")
    #expect(run.talk.contains(mistake.help), "\(run.talk)")
    #expect(!shell.exists(".setpoint"), "who only looks, or errs, leaves nothing behind")
  }

  @Test(
    arguments: [
      ("plan", 64), ("plan --frobnicate good", 64), ("deploy", 64), ("simulate", 64),
      ("describe web", 64),
      ("schema Pod", 64), ("events --limit many", 64), ("run --interval soon", 64),
    ] as [(String, Int32)])
  func usageErrorsAre64(words: String, status: Int32) throws {
    #expect(try Shell().run(words).status == status)
  }

  @Test(
    arguments: [
      ("describe lab/l4-1", "kinds of objects are Cluster, NodePool,"),
      ("describe web", "such as Workload/web"),
      ("delete Worklod/web", "did you mean 'Workload/web'?"),
      ("aply web.yaml", "There is no command 'aply'. Did you mean 'apply'?"),
    ]) func whatIsNamedWronglyIsNamedRightly(words: String, help: String) throws
  {
    let run = try Shell().run(words)
    #expect(run.status == 64)
    #expect(run.talk.contains(help), "\(run.talk)")
  }

  @Test func diffSpeaksAsDiffDoes() throws {
    let shell = try Shell(["good.yaml": Small.service()])
    #expect(try shell.run("diff good.yaml").status == 1)
    #expect(try shell.run("diff nowhere.yaml").status == 2)
    #expect(!shell.exists(".setpoint"))
    try shell.run("apply good.yaml --yes")
    #expect(try shell.run("diff good.yaml").status == 0)
  }

  @Test(arguments: [
    "plan good.yaml", "diff good.yaml", "validate good.yaml", "assess good.yaml", "get nodes",
    "events", "history", "snapshot", "run --once",
  ]) func lookingMakesNothing(words: String) throws {
    let shell = try Shell(["good.yaml": Small.service()])
    let run = try shell.run(words)
    #expect(run.status == (words.hasPrefix("diff") ? 1 : 0), "\(run.talk)")
    #expect(!shell.exists(".setpoint"))
  }

  @Test func standardInputIsASource() throws {
    let shell = try Shell()
    let run = try shell.run("validate -", input: Small.service())
    #expect(run.output == "Valid: 1 Cluster, 1 NodePool, 1 Workload.\n")
  }

  @Test func anEmptyDirectoryNeverMeansDeleteAll() throws {
    let shell = try Shell(["set/web.yaml": Small.service()])
    #expect(try shell.run("apply set --yes").status == 0)
    for emptied in ["", "# nothing\n", "---\n---\n"] {
      try shell.write("set/web.yaml", emptied)
      #expect(try shell.run("apply set --yes").status == 1)
    }
    try FileManager.default.removeItem(at: shell.path("set/web.yaml"))
    #expect(try shell.run("apply set --yes").status == 1)
    #expect(try shell.run("get workloads").output.contains("web"))
  }

  @Test func tooManyFilesAreRefusedBeforeTheyAreRead() throws {
    let shell = try Shell()
    let directory = shell.path("many")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    for number in 0...10_000 {
      _ = FileManager.default.createFile(
        atPath: directory.appending(path: "\(number).yaml").path, contents: nil)
    }
    let run = try shell.run("validate many")
    #expect(run.status == 1)
    #expect(run.talk.contains("error[yaml/too-many-files]"))
  }
}
