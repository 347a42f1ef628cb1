import Foundation
import GRDB
import Testing

/// `run --source` as a process, against repositories on this machine.
@Suite struct SourceTests {
  /// A server with one revision of manifests, a work tree to push from, and a shell to run in.
  private struct Fleet {
    let shell: Shell

    init(_ files: [String: String] = ["fleet/web.yaml": Small.service(replicas: 1)]) throws {
      shell = try Shell()
      try git("init -q --bare -b main server.git", in: ".")
      try git("init -q -b main work", in: ".")
      try push(files)
    }

    var source: String { "--source file://\(shell.path("server.git").path)@main:fleet" }

    @discardableResult
    func git(_ words: String, in folder: String = "work") throws -> String {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["git"] + words.split(separator: " ").map(String.init)
      process.currentDirectoryURL = shell.path(folder)
      process.environment = [
        "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
      ]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "git \(words)")
      return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// Commits files over those that are there, and pushes them.
    func push(_ files: [String: String] = [:]) throws {
      for (path, text) in files { try shell.write("work/\(path)", text) }
      try push(staged: "add -A")
    }

    func push(staged: String) throws {
      try git(staged)
      try git("commit -q --allow-empty -m change")
      try git("push -q --force ../server.git main")
    }

    /// The names of all replicas that are there.
    var replicas: Int {
      get throws {
        let output = try shell.run("get replicas").output
        return output.split(separator: "\n").filter { $0.contains("web/") }.count
      }
    }
  }

  @Test func appliesWhatABranchSays() throws {
    let fleet = try Fleet()
    let first = try fleet.shell.run("run --once \(fleet.source)")
    #expect(first.status == 0, "\(first.talk)")
    #expect(try fleet.replicas == 1)
    let head = try fleet.git("rev-parse HEAD").prefix(10)
    #expect(try fleet.shell.run("history").output.contains("main@\(head): Plan: "))
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 2)])
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    #expect(try fleet.replicas == 2)
    #expect(try fleet.shell.run("plan work/fleet --detailed-exitcode").status == 0)
  }

  /// Each leaves a branch that means nothing, or nothing good: what was there stays.
  @Test(arguments: [
    ("rm -q -r fleet", "has no 'fleet'", "git/no-path"),
    ("mv fleet other", "has no 'fleet'", "git/no-path"),
  ])
  func aPathThatIsGoneDeletesNothing(edit: String, words: String, code: String) throws {
    let fleet = try Fleet()
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.push(staged: edit)
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 1)
    #expect(run.talk.contains("error[\(code)]") && run.talk.contains(words), "\(run.talk)")
    #expect(try fleet.replicas == 1)
  }

  @Test(arguments: [
    ("# nothing\n", "manifest/empty-set"), ("", "manifest/empty-set"),
    (
      "apiVersion: setpoint/v1\nkind: Workload\nmetadata: {name: web}\nspec: {x: 1}\n",
      "manifest/unknown-field"
    ),
    ("a: [\n", "yaml/syntax"),
  ])
  func badManifestsAreNotTaken(text: String, code: String) throws {
    let fleet = try Fleet()
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.push(["fleet/web.yaml": text])
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 1)
    #expect(run.talk.contains("error[\(code)]"), "\(run.talk)")
    #expect(try fleet.replicas == 1)
    try fleet.shell.run("run --once \(fleet.source)")
    let told = try fleet.shell.run("events").output.components(separatedBy: "SourceNotTaken").count
    #expect(told == 2, "once, however often it is seen")
    #expect(try fleet.shell.run("status").output.contains("SourceNotTaken since"))
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 2)])
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    #expect(try fleet.replicas == 2)
    #expect(try fleet.shell.run("status").output.contains("SourceTaken since"))
  }

  @Test func linksAndSubmodulesAreNotTaken() throws {
    let fleet = try Fleet()
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try FileManager.default.createSymbolicLink(
      atPath: fleet.shell.path("work/fleet/more.yaml").path, withDestinationPath: "/etc/passwd")
    try fleet.push()
    #expect(try fleet.shell.run("run --once \(fleet.source)").talk.contains("error[git/link]"))
    try fleet.git("rm -q fleet/more.yaml")
    let head = try fleet.git("rev-parse HEAD")
    try fleet.push(staged: "update-index --add --cacheinfo 160000,\(head),fleet/sub")
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.talk.contains("error[git/submodule]"), "\(run.talk)")
    #expect(try fleet.replicas == 1)
  }

  @Test func aRewoundBranchNeedsConsent() throws {
    let fleet = try Fleet()
    let first = try fleet.git("rev-parse HEAD")
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 2)])
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.git("reset -q --hard \(first)")
    try fleet.git("push -q --force ../server.git main")
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 1 && run.talk.contains("error[git/rewound]"), "\(run.talk)")
    #expect(try fleet.replicas == 2)
    let other = String(repeating: "1", count: 40)
    #expect(try fleet.shell.run("run --once \(fleet.source) --rewind-to \(other)").status == 1)
    #expect(try fleet.shell.run("run --once \(fleet.source) --rewind-to \(first)").status == 0)
    #expect(try fleet.replicas == 1)
  }

  /// With nothing to go on there is nothing to keep; with a last good revision there is.
  @Test func aServerThatIsGoneChangesNothing() throws {
    let fleet = try Fleet()
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try FileManager.default.removeItem(at: fleet.shell.path("server.git"))
    try fleet.shell.run("simulate lose node lab/l4-1")
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 1 && run.talk.contains("error[git/unreachable]"), "\(run.talk)")
    #expect(try fleet.shell.run("plan work/fleet --detailed-exitcode").status == 0)
    let empty = try Shell()
    let nothing = try empty.run("run --once \(fleet.source)")
    #expect(nothing.status == 1 && nothing.talk.contains("error[git/unreachable]"))
  }

  /// A price file beside the one manifest that is named is read with it, at the same commit.
  @Test func aPriceFileOutsideThePathIsReadToo() throws {
    let fleet = try Fleet([
      "fleet/web.yaml": Small.service(replicas: 1, catalog: "catalog: prices/own.yaml"),
      "fleet/prices/own.yaml": Small.prices("$7/h"),
    ])
    let source = fleet.source + "/web.yaml"
    #expect(try fleet.shell.run("run --once \(source)").status == 0)
    #expect(try fleet.shell.run("history").output.contains("$7.00/h"))
    try fleet.push(["fleet/prices/own.yaml": Small.prices("$9/h")])
    let review = try fleet.shell.run(
      "review HEAD~1..HEAD fleet/web.yaml --repo work")
    #expect(review.status == 0 && review.output.contains("spec.catalog"), "\(review.talk)")
    try fleet.push(staged: "rm -q fleet/prices/own.yaml")
    let run = try fleet.shell.run("run --once \(source)")
    #expect(run.status == 1 && run.talk.contains("error[reference/missing-price-file]"))
  }

  @Test func onlySignedCommitsAreTaken() throws {
    let fleet = try Fleet()
    let signers = "--verify ssh --signers work/../signers"
    try fleet.shell.write("signers", "a@example.com ssh-ed25519 AAAA\n")
    let run = try fleet.shell.run("run --once \(fleet.source) \(signers)")
    #expect(run.status == 1 && run.talk.contains("error[git/unverified]"), "\(run.talk)")
    #expect(!fleet.shell.exists(".setpoint/state.db"))
    let missing = try fleet.shell.run("run --once \(fleet.source) --verify gpg --signers gone")
    #expect(missing.talk.contains("error[source/unreadable]"), "\(missing.talk)")
  }

  @Test func aGateKeepsARevisionOut() throws {
    let gate = """
      apiVersion: setpoint/v1
      kind: Gate
      metadata: {name: small}
      spec: {deny: [{costAbove: $1/h}]}

      """
    let fleet = try Fleet([
      "fleet/web.yaml": Small.service(replicas: 1), "fleet/gate.yaml": gate,
    ])
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 3)])
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 3 && run.talk.contains("error[apply/gate-broken]"), "\(run.talk)")
    #expect(try fleet.replicas == 1)
  }

  /// A revision over which processes died is set aside; the next one is read as ever.
  @Test func whatReadersDiedOverIsNotReadAgain() throws {
    let fleet = try Fleet()
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 2)])
    let mark = try "main@\(fleet.git("rev-parse HEAD").prefix(10))"
    try DatabaseQueue(path: fleet.shell.path(".setpoint/state.db").path).write {
      try $0.execute(
        sql: "INSERT INTO in_flight VALUES (?, 3, '2026-01-01T00:00:00Z')",
        arguments: ["reading of \(mark)"])
    }
    let run = try fleet.shell.start("run \(fleet.source) --fetch-every 1s")
    #expect(run.hasSaid("error[state/quarantined]"))
    #expect(try fleet.replicas == 1)
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 3)])
    #expect(run.hasSaid("Taken: main@"))
    #expect(run.hasSaid("web/2"))
    run.signal(SIGINT)
    #expect(try run.end().status == 0)
    #expect(try fleet.shell.run("events").output.contains("reading of \(mark)"))
  }

  /// The loop: a revision, a bad one, a good one with another cluster.
  @Test func followsABranch() throws {
    let fleet = try Fleet()
    let run = try fleet.shell.start("run \(fleet.source) --fetch-every 1s")
    #expect(run.hasSaid("converged"), "\(run.talked)")
    try fleet.push(["fleet/web.yaml": "kind: [\n"])
    #expect(run.hasSaid("error[yaml/syntax]") && run.hasSaid("Kept: main@"))
    let more = Small.service(replicas: 1).replacing("lab", with: "den").replacing("l4", with: "l5")
      .replacing("web", with: "api")
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 2), "fleet/more.yaml": more])
    let head = try fleet.git("rev-parse HEAD").prefix(10)
    #expect(run.hasSaid("Taken: main@\(head)"), "\(run.talked)")
    #expect(run.hasSaid("create den/l5-1"), "\(run.talked)")
    run.signal(SIGTERM)
    #expect(try run.end().status == 0)
    let events = try fleet.shell.run("events").output
    #expect(events.contains("SourceTaken") && events.contains("SourceNotTaken"), "\(events)")
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    #expect(try fleet.replicas == 2)
  }

  /// What would be deleted on purpose by one person may be an accident of another.
  @Test func aRevisionThatDeletesMuchNeedsConsent() throws {
    var files = ["fleet/web.yaml": Small.service(replicas: 1)]
    for name in 1...6 { files["fleet/w\(name).yaml"] = Small.workload("w\(name)", replicas: 0) }
    let fleet = try Fleet(files)
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.push(staged: "rm -q fleet/w1.yaml fleet/w2.yaml fleet/w3.yaml")
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 1 && run.talk.contains("error[apply/needs-consent]"), "\(run.talk)")
    #expect(run.talk.contains("3 of the 9 objects"), "\(run.talk)")
    #expect(try fleet.shell.run("get workloads").output.contains("w3"))
    let loop = try fleet.shell.start("run \(fleet.source) --fetch-every 1s")
    #expect(loop.hasSaid("no plan: the plan deletes 3 of the 9"), "\(loop.talked)")
    loop.signal(SIGINT)
    #expect(try loop.end().status == 0)
    let events = try fleet.shell.run("events").output.split(separator: "\n")
    #expect(events.count { $0.contains("Held") } == 1, "\(events)")
    #expect(try fleet.shell.run("run --once \(fleet.source) --consent 0123456789ab").status == 1)
    let id = try #require(run.talk.firstMatch(of: #/--consent ([0-9a-f]{12})/#)).1
    #expect(try fleet.shell.run("run --once \(fleet.source) --consent \(id)").status == 0)
    #expect(try !fleet.shell.run("get workloads").output.contains("w3"))
  }

  @Test func whatIsProtectedIsNotDeletedByARevision() throws {
    let precious = Small.workload("precious", replicas: 1)
      .replacing("{name: precious}", with: "{name: precious, protected: true}")
    let fleet = try Fleet([
      "fleet/web.yaml": Small.service(replicas: 1), "fleet/precious.yaml": precious,
    ])
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.push(staged: "rm -q fleet/precious.yaml")
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 1)
    #expect(run.talk.contains("Workload/precious, which is protected"), "\(run.talk)")
    #expect(try fleet.shell.run("get replicas").output.contains("precious/0"))
  }

  /// A branch that is gone says nothing, as often as it is looked for.
  @Test func aVanishedBranchDeletesNothing() throws {
    let fleet = try Fleet()
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    try fleet.git("branch -m main other", in: "server.git")
    for _ in 0..<2 {
      let run = try fleet.shell.run("run --once \(fleet.source)")
      #expect(run.status == 1 && run.talk.contains("error[git/unreachable]"), "\(run.talk)")
      #expect(run.talk.contains("couldn't find remote ref"), "\(run.talk)")
      #expect(try fleet.replicas == 1)
    }
  }

  /// An object is known by its kind and name, wherever it stands.
  @Test func aFileThatIsRenamedChangesNothing() throws {
    let fleet = try Fleet()
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    let history = try fleet.shell.run("history").output
    try fleet.push(staged: "mv fleet/web.yaml fleet/renamed.yaml")
    let run = try fleet.shell.run("run --once \(fleet.source)")
    #expect(run.status == 0, "\(run.talk)")
    #expect(try fleet.shell.run("history").output == history)
    let review = try fleet.shell.run("review HEAD~1..HEAD fleet --repo work --detailed-exitcode")
    #expect(review.status == 0, "\(review.output)")
  }

  @Test func aPausedObjectIsPassedOver() throws {
    let fleet = try Fleet([
      "fleet/web.yaml": Small.service(replicas: 1),
      "fleet/other.yaml": Small.workload("other", replicas: 1),
    ])
    let loop = try fleet.shell.start("run \(fleet.source) --fetch-every 1s")
    #expect(loop.hasSaid("converged"), "\(loop.talked)")
    #expect(try fleet.shell.run("pause Workload/web").status == 0)
    try fleet.push([
      "fleet/web.yaml": Small.service(replicas: 3),
      "fleet/other.yaml": Small.workload("other", replicas: 2),
    ])
    #expect(loop.hasSaid("start other/1"), "\(loop.talked)")
    #expect(try fleet.replicas == 1)
    #expect(try fleet.shell.run("resume Workload/web").status == 0)
    loop.signal(SIGINT)
    #expect(try loop.end().status == 0)
    #expect(try fleet.shell.run("run --once \(fleet.source)").status == 0)
    #expect(try fleet.replicas == 3)
  }

  @Test func waitsForAFirstRevision() throws {
    let fleet = try Fleet(["README.md": "nothing yet\n"])
    let run = try fleet.shell.start("run \(fleet.source) --fetch-every 1s")
    #expect(run.hasSaid("error[git/no-path]"))
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 1)])
    #expect(run.hasSaid("converged"), "\(run.talked)")
    run.signal(SIGINT)
    #expect(try run.end().status == 0)
    let bare = try Fleet(["README.md": "nothing yet\n"])
    let waiting = try bare.shell.start("run \(bare.source)")
    #expect(waiting.hasSaid("error[git/no-path]"))
    waiting.signal(SIGINT)
    #expect(try waiting.end().status == 0)
  }

  @Test func driftIsOnlyReportedWhereItIsSaid() throws {
    let fleet = try Fleet()
    let report = "run \(fleet.source) --drift report"
    // What is asked for is done all the same.
    #expect(try fleet.shell.run("\(report) --once").status == 0)
    #expect(try fleet.replicas == 1)
    try fleet.shell.run("simulate lose node lab/l4-1")
    let drifted = try fleet.shell.run("\(report) --once")
    #expect(drifted.status == 2, "\(drifted.talk)")
    #expect(drifted.output.contains("+ lab/l4-2"), "\(drifted.output)")
    #expect(try !fleet.shell.run("get nodes").output.contains("l4-2"))

    let loop = try fleet.shell.start("\(report) --fetch-every 1s")
    #expect(loop.hasSaid("drift is only reported"), "\(loop.talked)")
    try fleet.push(["fleet/web.yaml": Small.service(replicas: 2)])
    #expect(loop.hasSaid("Converged"), "\(loop.talked)")
    loop.signal(SIGINT)
    #expect(try loop.end().status == 0)
    #expect(try fleet.replicas == 2)
    #expect(try fleet.shell.run("events").output.contains("Drifted"))
    #expect(try fleet.shell.run("\(report) --once").status == 0)
  }

  @Test func driftOfWhatWasAppliedIsReportedToo() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    try shell.run("apply web.yaml --yes")
    #expect(try shell.run("run --once --drift report").status == 0)
    try shell.run("simulate lose node lab/l4-1")
    #expect(try shell.run("run --once --drift report").status == 2)
    #expect(try shell.run("run --once").status == 0)
    #expect(try shell.run("run --once --drift report").status == 0)
  }
}
