public import Model
import YAML

extension WorkloadSpec: Spec {
  public static let kind = Kind.workload

  public static let table = manifest(
    "Replicas that people want to run, and how.",
    blank: WorkloadSpec(
      metadata: Table.metadata.blank, type: .training, replicas: .range(CountRange(1)),
      resources: ReplicaResources()),
    metadata: \.metadata, rules: [.exactlyOne("replicas", "demand")]
  ) {
    Field(
      "type", \.type, .choice(), example: "training",
      "`training` is a gang that runs to completion; `inference` is a service that stays up."
    ).required.restartsReplicas
    Field(
      "clusters", \.clusters, .list(of: .reference(to: "the name of a cluster"), isUnique: true),
      example: "[research-us]", "Where it may run; anywhere where left out.")
    Field(
      "queue", \.queue, .reference(to: "the name of a queue"), example: "nlp",
      "The queue whose quota it uses.")
    Field(
      "priority", \.priority, .integer(0...1000), example: "500",
      "A workload may preempt others of lower priority.")
    Field(
      "replicas", \.replicas.range, .counts(0...100_000), example: "16",
      "How many replicas: a number, or a range that the autoscaler moves in.")
    Field(
      "step", \.step, .integer(1...100_000), example: "8",
      """
      For a training whose `replicas` are a range: it runs with as many as there is room for, in steps \
      of so many, and gives those above the least number back before anything else has to go.
      """)
    Field(
      "autoscale", \.autoscale, optionalFields: .autoscale,
      "For an inference whose `replicas` are a range: how their number follows its load.")
    Field(
      "endpoint", \.endpoint, optionalFields: .endpoint,
      "For an inference: where its replicas take requests, and how one is taken out before it stops."
    )
    Field(
      "idle", \.idle, optionalFields: .idle,
      "When it counts as idle by what is measured of it, and what comes of it.")
    Field(
      "demand", \.replicas.demand, optionalFields: .demand,
      "Loads that the cluster's `demandModel` turns into replicas, instead of a number of them.")
    Field("resources", \.resources, fields: .resources, "What one replica needs.").restartsReplicas
    Field(
      "image", \.image, .anyText, example: "registry.example/pretrain:1.4", "The container's image."
    ).restartsReplicas
    Field(
      "command", \.command, .list(of: .argument), example: "[torchrun, train.py]",
      "What the container runs, word by word; the image's own command where left out."
    ).restartsReplicas
    Field(
      "env", \.environment, .environment, example: "{RUN: a7}", "Environment variables."
    ).restartsReplicas
    Field(
      "secrets", \.secrets, .secrets,
      example: "[{name: hf-token, key: token, env: HF_TOKEN}]",
      "Secrets by reference, each in an environment variable; a value never stands here."
    ).restartsReplicas
    Field(
      "volumes", \.volumes, .list(of: .fields(.volume), isUnique: true),
      example: "[{claim: datasets, path: /data, readOnly: true}]",
      "Volumes by their claims (PersistentVolumeClaim), which only Kubernetes has."
    ).restartsReplicas
    Field("placement", \.placement, fields: .placement, "Where replicas may and should stand.")
    Field("rollout", \.rollout, fields: .rollout, "How replicas are exchanged when this changes.")
    Field(
      "checkpoint", \.checkpoint, optionalFields: .checkpoint, "How the workload saves its state.")
    Field(
      "duration", \.duration, .duration, example: "72h",
      "How long a training run is expected to take.")
  }

  private var checkpoint: Checkpoint? {
    get { checkpointEvery.map { Checkpoint(every: $0) } }
    set { checkpointEvery = newValue?.every }
  }
}

extension Form<String> {
  /// One word of a command, which may be empty.
  fileprivate static let argument = Form(
    Form.anyText.shape, write: { .text($0) }, read: Form.anyText.read)
}

extension Table<ReplicaResources> {
  static let resources = Table(
    "resources", blank: ReplicaResources(), "What one replica needs."
  ) {
    Field(
      "accelerator", \.accelerator, .accelerator, example: "H100:8",
      "Accelerators: `H100:8`, one of several models as `H100|H200:8`, a share as `H100:500m`.")
    Field("cpu", \.amounts.cpuMilli, .amount(.cores).leftOut(at: 0), example: "96", "Cores.")
    Field(
      "memory", \.amounts.memoryBytes, .amount(.bytes).leftOut(at: 0), example: "1Ti", "Memory.")
    Field(
      "storage", \.amounts.storageBytes, .amount(.bytes).leftOut(at: 0), example: "500Gi",
      "Storage on the node.")
    Field(
      "network", \.amounts.networkBitsPerSecond, .amount(.bandwidth).leftOut(at: 0),
      example: "100Gbps", "Network bandwidth.")
  }
}

extension ReplicaCount {
  var range: CountRange? {
    get {
      switch self {
      case .range(let range): range
      case .demand: nil
      }
    }
    set { if let newValue { self = .range(newValue) } }
  }

  var demand: Demand? {
    get {
      switch self {
      case .range: nil
      case .demand(let demand): demand
      }
    }
    set { if let newValue { self = .demand(newValue) } }
  }
}

extension Table<Demand> {
  static let demand = Table(
    "demand", blank: Demand(computeMilli: 0, storageMilli: 0, networkMilli: 0),
    rules: [.atLeastOne("compute", "storage", "network")],
    "Loads that the cluster's `demandModel` turns into replicas."
  ) {
    Field(
      "compute", \.computeMilli, .amount(.decimal), example: "1000", "The compute load C.")
    Field(
      "storage", \.storageMilli, .amount(.decimal), example: "500", "The storage load S.")
    Field(
      "network", \.networkMilli, .amount(.decimal), example: "200", "The network load N.")
  }
}

extension Form<[SecretReference]> {
  /// References to secrets. Whatever else stands there may be a secret, and is not repeated.
  static let secrets: Form = {
    let list = Form.list(of: Form<SecretReference>.fields(.secret), isUnique: true)
    return Form(
      list.shape, write: list.write,
      read: { node, reading in
        var aside = Reading()
        let value = list.read(node, &aside)
        for diagnostic in aside.diagnostics { reading.report(.secret(diagnostic)) }
        return value
      })
  }()
}

extension Table<VolumeMount> {
  static let volume = Table(
    "volume", blank: VolumeMount(claim: "", path: ""), "A volume by its claim."
  ) {
    Field(
      "claim", \.claim, .name(.foreign, "a claim's name"), example: "datasets",
      "The claim's name, in the namespace that replicas run in."
    ).required
    Field("path", \.path, .absolutePath, example: "/data", "Where it is mounted.").required
    Field(
      "readOnly", \.isReadOnly, .boolean, example: "true", "Whether replicas only read from it.")
  }
}

extension Table<SecretReference> {
  static let secret = Table(
    "secret", blank: SecretReference(name: "", key: "", variable: ""),
    "A secret by reference, in an environment variable."
  ) {
    Field(
      "name", \.name, .name(.foreign, "a secret's name"), example: "hf-token", "The secret's name."
    ).required
    Field("key", \.key, .name(.foreign, "a secret's key"), example: "token", "The key in it.")
      .required
    Field(
      "env", \.variable, .name(.variable, "an environment variable's name"), example: "HF_TOKEN",
      "The environment variable that holds it."
    ).required
  }
}

struct Checkpoint: Hashable, Sendable {
  var every: Seconds
}

extension Table<Checkpoint> {
  static let checkpoint = Table(
    "checkpoint", blank: Checkpoint(every: .zero), "How the workload saves its state."
  ) {
    Field(
      "every", \.every, .duration, example: "30m",
      "How often state is saved, which bounds what a preemption loses."
    ).required
  }
}
