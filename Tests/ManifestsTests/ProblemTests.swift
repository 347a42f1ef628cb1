import Diagnostics
import Manifests
import Model
import Testing

@Suite struct FieldProblems {
  @Test func everyProblemIsReportedAtOnce() {
    check(
      workload(
        """
        type: 1️⃣trainig
        2️⃣priorty: 500
        replicas: 3️⃣many
        resources: {cpu: 4️⃣1Gi, memory: 5️⃣512, 6️⃣gpus: 8}
        checkpoint: {7️⃣evry: 30m}
        duration: 8️⃣90
        """),
      has: [
        problem("1️⃣", .unknownValue, help: "did you mean 'training'?"),
        problem("2️⃣", .unknownField, help: "did you mean 'priority'?"),
        problem("3️⃣", .invalidRange),
        problem("4️⃣", .invalidQuantity, help: "write cores as '96' or thousandths of one as '500m'"),
        problem("5️⃣", .missingUnit, help: "write the unit, such as '512Gi' or '512Mi'"),
        problem("6️⃣", .unknownField),
        problem("7️⃣", .unknownField, help: "did you mean 'every'?"),
        problem("8️⃣", .missingUnit, help: "write the unit, such as '90s' or '90m'"),
      ])
  }

  /// What a problem of the syntax left out is not there to be missed: without its priority this would
  /// be another workload.
  @Test(arguments: ["!\nkind: Queue\n", workload("type: training\nreplicas: 1\npriority: !very 9")])
  func aDocumentWithAProblemDeclaresNothing(text: String) {
    let read = ManifestReader.read(Sources([SourceText(path: "it.yaml", text: text)])).value
    #expect(read.manifests.isEmpty)
    #expect(!read.isComplete)
  }

  @Test func othersInTheFileAreReadAllTheSame() {
    let texts = [
      manifest("Queue", name: "a", "{}"), "!\nkind: Queue\n", manifest("Queue", name: "b", "{}"),
    ]
    let text = texts.joined(separator: "---\n")
    let read = ManifestReader.read(Sources([SourceText(path: "it.yaml", text: text)])).value
    #expect(read.manifests.map(\.spec.id.description) == ["Queue/a", "Queue/b"])
  }

  @Test func aMisspeltFieldIsNotAlsoMissing() {
    check(
      workload("1️⃣typ: training\n2️⃣replica: 2"),
      has: [
        problem("1️⃣", .unknownField, help: "did you mean 'type'?"),
        problem("2️⃣", .unknownField, help: "did you mean 'replicas'?"),
      ])
    check(
      "1️⃣kin: Workload\n",
      has: [problem("1️⃣", .unknownField, help: "did you mean 'kind'?")])
    check(
      "1️⃣apiversion: setpoint/v1\nkind: Queue\nmetadata: {name: it}\nspec: {}\n",
      has: [problem("1️⃣", .unknownField, help: "did you mean 'apiVersion'?")])
  }

  @Test func missingFields() {
    check(
      workload("1️⃣image: a"),
      has: [
        problem("1️⃣", .missingField, help: "add 'type: training'"),
        problem("1️⃣", .missingField, help: "give one of them"),
      ])
    check(
      "1️⃣kind: Queue\n",
      has: [
        problem("1️⃣", .missingField, help: "add 'apiVersion: setpoint/v1'"),
        problem("1️⃣", .missingField), problem("1️⃣", .missingField),
      ])
    check("1️⃣apiVersion: setpoint/v1\n", has: [problem("1️⃣", .missingField)])
    check("1️⃣{}\n", has: [problem("1️⃣", .missingField)])
  }

  @Test func exclusiveFields() {
    check(
      workload("type: training\nreplicas: 1\n1️⃣demand: {compute: 1}"),
      has: [problem("1️⃣", .exclusiveFields)])
    check(
      manifest("Gate", "deny: [{pending: true, 1️⃣replaces: true}]"),
      has: [problem("1️⃣", .exclusiveFields)])
    check(
      manifest("NodePool", "1️⃣cluster: c\nnodes: 1"),
      has: [problem("1️⃣", .missingField, help: "give one of them")])
  }

  @Test func wrongTypes() {
    check(
      workload(
        """
        type: 1️⃣[training]
        replicas: 2️⃣{min: 1}
        resources: 3️⃣H100
        command: 4️⃣torchrun train.py
        env: 5️⃣[A, B]
        placement:6️⃣
        image: 7️⃣[a]
        """),
      has: (1...7).map { problem("\($0)\u{FE0F}\u{20E3}", .wrongType) })
    check("1️⃣- a\n- b\n", has: [problem("1️⃣", .wrongType)])
    check("1️⃣hello\n", has: [problem("1️⃣", .wrongType)])
  }

  @Test func kindsAndVersions() {
    check(
      "apiVersion: setpoint/v1\nkind: 1️⃣Worklod\n",
      has: [problem("1️⃣", .unknownKind, help: "did you mean 'Workload'?")])
    check(
      "apiVersion: v1\nkind: 1️⃣Pod\n",
      has: [
        problem(
          "1️⃣", .unknownKind,
          help: "kinds are 'Cluster', 'NodePool', 'Queue', 'Workload', 'Gate', 'PriceFile'")
      ])
    check(
      "apiVersion: 1️⃣setpoint/v2\nkind: Queue\nmetadata: {name: it}\nspec: {}\n",
      has: [problem("1️⃣", .apiVersion, help: "write 'apiVersion: setpoint/v1'")])
  }

  @Test func names() {
    check(
      "apiVersion: setpoint/v1\nkind: Queue\nmetadata: {name: 1️⃣Nlp}\nspec: {}\n",
      has: [problem("1️⃣", .invalidName)])
    check(
      """
      apiVersion: setpoint/v1
      kind: Queue
      metadata:
        name: it
        labels: {1️⃣a b: c, ok: 2️⃣"x y"}
        set: 3️⃣A
        protected: 4️⃣yes
      spec: {}

      """,
      has: [
        problem("1️⃣", .invalidLabelKey), problem("2️⃣", .invalidLabelValue),
        problem("3️⃣", .invalidName), problem("4️⃣", .invalidBoolean, help: "write 'true'"),
      ])
    check(
      workload("type: training\nreplicas: 1\nenv: {1️⃣A-B: x}"),
      has: [problem("1️⃣", .invalidVariable)])
  }

  @Test func lists() {
    check(
      manifest("Cluster", "provider: simulated\nregion: us-east-1\nzones: 1️⃣[]"),
      has: [problem("1️⃣", .emptyList)])
    check(
      manifest(
        "Cluster", "provider: simulated\nregion: us-east-1\nzones: [us-east-1a, 1️⃣us-east-1a]"),
      has: [problem("1️⃣", .repeatedItem)])
  }

  @Test func providersOfOtherReleases() {
    check(
      manifest("Cluster", "provider: 1️⃣aws\nregion: us-east-1\nzones: [us-east-1a]"),
      has: [problem("1️⃣", .unsupportedProvider)])
    check(
      manifest("Cluster", "provider: 1️⃣simulatd\nregion: us-east-1\nzones: [us-east-1a]"),
      has: [problem("1️⃣", .unknownValue, help: "did you mean 'simulated'?")])
  }

  @Test func settingsOfAnotherProvider() {
    check(
      manifest(
        "Cluster",
        "provider: slurm\n1️⃣simulated: {seed: 1}\nregion: us-east-1\nzones: [us-east-1a]"),
      has: [
        problem("1️⃣", .exclusiveFields, help: "remove it, or choose 'provider: simulated'")
      ])
    check(
      manifest(
        "Cluster",
        "1️⃣slurm: {partition: gpu}\nprovider: simulated\nregion: us-east-1\nzones: [us-east-1a]"),
      has: [problem("1️⃣", .exclusiveFields)])
    check(
      manifest(
        "Cluster",
        """
        slurm: {output: 1️⃣log, checkpointSignal: 2️⃣usr1, configuration: 3️⃣"/a\\nb"}
        provider: slurm
        region: us-east-1
        zones: [us-east-1a]
        """),
      has: [
        problem("1️⃣", .invalidName), problem("2️⃣", .invalidName), problem("3️⃣", .invalidName),
      ])
  }

  @Test func slurmrestd() {
    func slurm(_ rest: String) -> String {
      manifest(
        "Cluster",
        "provider: slurm\nslurm:\n  rest: \(rest)\nregion: us-east-1\nzones: [us-east-1a]")
    }
    check(
      slurm("{address: \"https://head:6820/slurm\", user: ops, tokenVariable: SLURM_JWT}"),
      has: [])
    for address in [
      "head:6820", "ftp://a", "https://", "https:///x", "https://u:p@a", "https://a?b=c",
    ] {
      check(
        slurm("{address: 1️⃣\"\(address)\", user: ops, tokenFile: /t}"),
        has: [problem("1️⃣", .invalidName)])
    }
    check(
      slurm("{1️⃣address: \"https://head\", user: ops}"), has: [problem("1️⃣", .missingField)])
    check(
      slurm("{address: \"https://head\", user: ops, tokenFile: /t, 1️⃣tokenVariable: T}"),
      has: [problem("1️⃣", .exclusiveFields)])
    check(
      slurm("{address: \"https://head\", user: ops, tokenVariable: 1️⃣a-b}"),
      has: [problem("1️⃣", .invalidVariable)])
  }

  @Test func outOfRange() {
    check(
      workload("type: training\nreplicas: 1️⃣100001\npriority: 2️⃣1001"),
      has: [problem("1️⃣", .outOfRange), problem("2️⃣", .outOfRange)])
    check(
      workload("type: training\nreplicas: 100000\npriority: 1000\nduration: 36500d"), has: [])
    check(
      workload("type: training\nreplicas: 0\npriority: 0\nresources: {accelerator: 1️⃣H100:1.5}"),
      has: [problem("1️⃣", .outOfRange)])
    check(
      manifest("Queue", "weight: 1️⃣0\nquota: {accelerators: 2️⃣-1}"),
      has: [problem("1️⃣", .outOfRange), problem("2️⃣", .outOfRange)])
  }

  @Test func textOfEachForm() {
    check(
      manifest(
        "Gate",
        """
        deny:
          - {costAbove: 1️⃣50}
          - costAbove: 2️⃣$1,000/h
          - {costIncreaseAbove: 3️⃣20}
          - {deletes: {moreThan: 4️⃣x%}}
          - {movesMoreThan: 5️⃣0x10}
          - {pending: 6️⃣false}
        require: {schedulableGang: 7️⃣H100}
        """),
      has: [
        problem("1️⃣", .missingUnit), problem("2️⃣", .invalidMoney), problem("3️⃣", .missingUnit),
        problem("4️⃣", .invalidShare), problem("5️⃣", .invalidInteger),
        problem("6️⃣", .unknownValue), problem("7️⃣", .invalidAccelerator),
      ])
  }

  /// What the reader of YAML has reported is not reported again by its field.
  @Test func refusedNodesAreReportedOnce() {
    check(
      workload("type: training\nreplicas: 1️⃣!!int 3"),
      has: [problem("1️⃣", Code("yaml", "tag"))])
    check(
      workload("type: training\nreplicas: 3\n1️⃣replicas: many"),
      has: [problem("1️⃣", Code("yaml", "duplicate-key"))])
  }
}
