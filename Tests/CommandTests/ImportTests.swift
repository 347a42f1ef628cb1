import Foundation
import HTTP
import KubernetesImitation
import Loopback
import Testing

/// What runs on a Kubernetes, as manifests; and one of several runs, by its Lease.
@Suite struct ImportTests {
  private let imitation = Imitation(namespaces: ["default", "setpoint", "ml"])

  private static let chat: Tree = [
    "metadata": ["name": "chat", "labels": ["app": "chat"]],
    "spec": [
      "replicas": 2, "selector": ["matchLabels": ["app": "chat"]],
      "template": [
        "metadata": ["labels": ["app": "chat"]],
        "spec": [
          "priorityClassName": "high\u{1B}[2J\nkind: Cluster",
          "containers": [
            [
              "name": "main", "image": "registry.example/chat:1",
              "imagePullPolicy": "IfNotPresent",
              "resources": ["limits": ["cpu": "2", "memory": "4Gi", "nvidia.com/gpu": "1"]],
            ]
          ],
        ],
      ],
    ],
  ]

  /// A shell whose kubeconfig leads to the imitation, for as long as `body` runs.
  private func withServer(_ body: (Shell, Hand) async throws -> Void) async throws {
    let imitation = imitation
    let loopback = try await Loopback { await imitation.reply(to: $0) }
    let address = "http://127.0.0.1:\(loopback.port)"
    let hand = Hand(try Server(Address(address)))
    try await hand.register(node: "a")
    try await hand.ask(.post, "/apis/apps/v1/namespaces/ml/deployments", Self.chat)
    let shell = try Shell([
      ".kube/config": """
      {"current-context": "lab",
       "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": ""}}],
       "clusters": [{"name": "lab", "cluster": {"server": "\(address)"}}]}
      """
    ])
    try await body(shell, hand)
    await imitation.endWatches()
  }

  /// Without blocking a thread that the server needs.
  private func run(_ shell: Shell, _ words: String) async throws -> CommandRun {
    let command = try shell.start(words)
    while command.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    return try command.end()
  }

  @Test func whatIsImportedIsValid() async throws {
    try await withServer { shell, _ in
      let printed = try await run(shell, "import kubernetes --namespace ml")
      #expect(printed.status == 0, "\(printed.talk)")
      #expect(printed.output.contains("accelerator: H100:1"))
      #expect(printed.talk == "Imported 1 workload; 2 comments say what is otherwise there.\n")
      #expect(!printed.output.contains("\u{1B}"))
      #expect(!printed.output.contains("\nkind: Cluster"))
      let words = "import kubernetes --namespace ml --cluster lab --directory m/made"
      #expect(try await run(shell, words).status == 0)
      let valid = try await run(shell, "validate m")
      #expect(valid.output == "Valid: 1 Cluster, 1 Workload.\n", "\(valid.talk)")
      let plan = try await run(shell, "plan m")
      #expect(plan.output.contains("2 to create"), "\(plan.output)\(plan.talk)")
      let again = try await run(shell, words)
      #expect(again.status == 1 && again.talk.contains("error[import/exists]"), "\(again.talk)")
    }
  }

  @Test func whatCannotBeImportedIsTold() async throws {
    try await withServer { shell, _ in
      let none = try await run(shell, "import kubernetes --namespace mI")
      #expect(none.status == 64, "\(none.talk)")
      let empty = try await run(shell, "import kubernetes")
      #expect(empty.status == 1 && empty.talk.contains("error[import/nothing]"), "\(empty.talk)")
      let missing = try await run(shell, "import kubernetes Job/chat --namespace ml")
      #expect(missing.talk.contains("there is no Job/chat in namespace 'ml'"), "\(missing.talk)")
      try shell.write("file", "in the way")
      let blocked = try await run(
        shell, "import kubernetes --namespace ml --directory file/manifests")
      #expect(blocked.talk.contains("error[import/"), "\(blocked.talk)")
      #expect(blocked.status == 1 && blocked.output == "")
    }
  }

  @Test(arguments: [
    "import kubernetes --kubeconfig nowhere", "import kubernetes --context prod",
    "import kubernetes",
  ])
  func withoutAWayThereItSaysSo(_ words: String) throws {
    let shell = try Shell()
    let run = try shell.run(words)
    #expect(run.status == 1 && run.talk.contains("error[import/failed]"), "\(run.talk)")
    #expect(run.output == "")
  }

  @Test(arguments: [
    "import", "import slurm", "import kubernetes chat", "import kubernetes Pod/chat",
    "import kubernetes --cluster A --directory m", "import kubernetes --cluster a",
    "run --once --lease a/b", "run --lease a", "run --lease a/B",
  ])
  func wordsThatMakeNoSenseAreUsageErrors(_ words: String) throws {
    #expect(try Shell().run(words).status == 64)
  }

  /// The second waits until the first leaves, and takes over.
  @Test func oneRunLeadsAndAnotherFollows() async throws {
    try await withServer { shell, hand in
      try shell.copyExample("quickstart")
      for state in ["a", "b"] {
        let applied = try await run(shell, "apply quickstart --yes --state \(state)/state.db")
        #expect(applied.status == 0, "\(applied.talk)")
      }
      let words = "run --lease setpoint/setpoint --interval 1s"
      let first = try shell.start("\(words) --state a/state.db")
      try await hears(first, "This process leads")
      let second = try shell.start("\(words) --state b/state.db")
      try await hears(second, "this process waits for its lease")
      first.signal(SIGTERM)
      while first.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
      #expect(try first.end().status == 0)
      try await hears(second, "This process leads")
      // Somebody else takes it: whoever leads leaves.
      let lease = "/apis/coordination.k8s.io/v1/namespaces/setpoint/leases/setpoint"
      let change: Tree = ["spec": ["holderIdentity": "someone"]]
      try await hand.ask(.patch, lease, change, type: "application/merge-patch+json")
      while second.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
      let ended = try second.end()
      #expect(ended.status == 1 && ended.talk.contains("someone leads by now"), "\(ended.talk)")
    }
  }

  private func hears(_ command: RunningCommand, _ words: String) async throws {
    while !command.talked.contains(words) {
      try #require(command.process.isRunning, "\(command.talked)")
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  @Test func aRunThatCanHaveNoLeaseSaysSo() async throws {
    try await withServer { shell, _ in
      try shell.copyExample("quickstart")
      #expect(try await run(shell, "apply quickstart --yes").status == 0)
      let refused = try await run(shell, "run --lease nowhere/setpoint")
      #expect(refused.status == 1 && refused.talk.contains("error[lease/failed]"))
      #expect(refused.talk.contains("\"nowhere\" not found"), "\(refused.talk)")
    }
  }
}
