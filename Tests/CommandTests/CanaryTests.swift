import Foundation
import Testing

/// A secret that is planted wherever the program or git may come across one is found nowhere else: not
/// in what is said, in the state, in plans and snapshots, nor in the arguments of any process.
@Suite struct CanaryTests {
  private static let canary = "hunter2-CANARY-7f3a9c"

  private static var forms: [Data] {
    let raw = Data(canary.utf8)
    return [
      raw, Data(raw.base64EncodedString().utf8.prefix(24)),
      Data(raw.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined().utf8),
      Data(canary.replacing("-", with: "%2D").utf8), Data(String(canary.reversed()).utf8),
    ]
  }

  /// A home with passwords in it, and a git that notes its arguments down.
  private func planted() throws -> (Shell, [String: String]) {
    let shell = try Shell([
      "home/.netrc": "default login bot password \(Self.canary)\n",
      "home/askpass": "#!/bin/sh\necho \(Self.canary)\n",
      "home/.gitconfig": "[http]\n  extraHeader = Authorization: Bearer \(Self.canary)\n",
      "bin/git": "#!/bin/sh\necho \"$@\" >> \"${0%/*}/../argv.log\"\nexec /usr/bin/git \"$@\"\n",
      "work/m/web.yaml": Small.service(replicas: 1),
    ])
    for path in ["home/askpass", "bin/git"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: shell.path(path).path)
    }
    let home = shell.path("home").path
    let environment = [
      "HOME": home, "PATH": "\(shell.path("bin").path):/usr/bin:/bin",
      "GIT_ASKPASS": "\(home)/askpass", "AWS_SECRET_ACCESS_KEY": Self.canary,
      "SETPOINT_TOKEN": Self.canary, "GITHUB_TOKEN": Self.canary,
      "https_proxy": "http://bot:\(Self.canary)@127.0.0.1:1", "no_proxy": "nowhere.example",
      "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
      "GIT_COMMITTER_EMAIL": "a@example.com",
    ]
    return (shell, environment)
  }

  private func git(_ words: String, in shell: Shell, _ environment: [String: String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/git")
    process.arguments = words.split(separator: " ").map(String.init)
    process.currentDirectoryURL = shell.path("work")
    process.environment = environment.merging(["HOME": "/nonexistent"]) { $1 }
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "git \(words)")
  }

  @Test func isFoundNowhereElse() throws {
    let (shell, environment) = try planted()
    for words in ["init -q -b main", "add -A", "commit -q -m one"] {
      try git(words, in: shell, environment)
    }
    try shell.write("work/m/web.yaml", Small.service(replicas: 2))
    for words in ["add -A", "commit -q -m two"] { try git(words, in: shell, environment) }
    let source = "file://\(shell.path("work").path)/.git@main:m"
    var said = ""
    for (words, status) in [
      ("plan work/m -out plan.json", 0 as Int32), ("apply plan.json", 0),
      ("run --once --source \(source)", 0),
      ("run --once --source https://127.0.0.1:1/fleet.git@main:m", 1),
      ("run --once --source https://bot:\(Self.canary)@127.0.0.1:1/fleet.git@main:m", 1),
      ("run --once --source https://127.0.0.1:1/a?token=\(Self.canary)@main:m", 1),
      ("run --once --source \(source) --verify ssh --signers home/askpass", 1),
      ("review HEAD~1..HEAD m --repo work", 0), ("review HEAD~1..HEAD m --repo work -o json", 0),
      ("review HEAD~1..HEAD m --repo work -o markdown", 0),
      ("review HEAD~1..HEAD m --repo work -o html", 0),
      ("review HEAD~1..HEAD m --repo work -o github", 0),
      ("review HEAD~1..HEAD m --repo work -o gitlab", 0), ("status", 0), ("status -o json", 0),
      ("events", 0), ("history", 0), ("snapshot", 0), ("simulate --hours 2 -o json", 0),
      ("plan work/m -o json", 0), ("plan nowhere", 1),
    ] {
      let run = try shell.run(words, environment: environment)
      #expect(run.status == status, "\(words): \(run.talk)")
      said += run.output + run.talk
    }
    try expectNone(in: Data(said.utf8), "what was said")
    var files = 0
    let all = try FileManager.default.subpathsOfDirectory(atPath: shell.directory.path)
    for path in all where !path.hasPrefix("home/") && !path.hasPrefix(".output") {
      let kind = try FileManager.default.attributesOfItem(atPath: shell.path(path).path)[.type]
      guard kind as? FileAttributeType == .typeRegular else { continue }
      files += 1
      try expectNone(in: try Data(contentsOf: shell.path(path)), path)
    }
    #expect(files > 20)
    let arguments = try String(contentsOf: shell.path("argv.log"), encoding: .utf8)
    #expect(arguments.contains("fetch") && arguments.contains("verify-commit"), "\(arguments)")
  }

  private func expectNone(in data: Data, _ place: String) throws {
    for form in Self.forms {
      #expect(
        data.firstRange(of: form) == nil, "\(place): \(String(decoding: form, as: UTF8.self))")
    }
  }

  /// A value where only a reference may stand is refused, and not repeated.
  @Test(arguments: [
    "secrets: [{name: hf, key: token, env: HF, value: \(canary)}]",
    "secrets: [{name: hf, key: token, env: HF, password: \"\(canary)\"}]",
    "secrets: {HF_TOKEN: \(canary)}", "secrets: \(canary)",
    "secrets: [\(canary)]", "secrets: [{name: [\(canary)], key: token, env: HF}]",
    "secrets: [\(canary)", "secrets: [{name: hf, value: \"\(canary)}]", "secrets: *\(canary)",
    "secrets: !\(canary) a", "secrets: {\(canary): a, \(canary): b}", "secrets: a: \(canary)",
    "secrets:\n  - {name: hf, key: token, env: HF}\n  - \(canary): : b\n",
    "secrets:\n    HF:\n      @\(canary)\n",
  ]) func aSecretThatIsNoReferenceIsNotRepeated(line: String) throws {
    let shell = try Shell([
      "m/web.yaml": Small.service(), "m/x.yaml": Small.workload("x", replicas: 1) + "  \(line)\n",
    ])
    for words in [
      "validate m", "plan m", "plan m -o json", "apply m --yes", "simulate m --hours 1",
    ] {
      let run = try shell.run(words)
      #expect(run.status == 1, "\(words)")
      #expect(run.talk.contains("error[") && run.talk.contains("m/x.yaml:"), "\(run.talk)")
      try expectNone(in: Data((run.output + run.talk).utf8), words)
    }
  }
}
