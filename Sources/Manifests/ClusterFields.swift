public import Model
import YAML

extension ClusterSpec: Spec {
  public static let kind = Kind.cluster

  public static let table = manifest(
    "A place where nodes and replicas are real: a provider, a region and the limits that hold there.",
    blank: ClusterSpec(metadata: Table.metadata.blank, region: "", zones: []), metadata: \.metadata,
    rules: [.settings(of: "provider", "simulated", "slurm", "kubernetes")]
  ) {
    Field(
      "provider", \.provider.kind, .provider, example: "simulated",
      "Who runs the nodes: the built-in `simulated` world, a `slurm` or a `kubernetes`."
    ).required.replacesNodes
    Field(
      "simulated", \.provider.simulated, optionalFields: .simulated,
      "Settings of `provider: simulated`.")
    Field("slurm", \.provider.slurm, optionalFields: .slurm, "Settings of `provider: slurm`.")
    Field(
      "kubernetes", \.provider.kubernetes, optionalFields: .kubernetes,
      "Settings of `provider: kubernetes`.")
    Field(
      "region", \.region, .name(.foreign, "a region"), example: "us-east-1",
      "The provider's region, which decides what there is to buy and for how much."
    ).required.replacesNodes
    Field(
      "zones", \.zones, .list(of: .zone, atLeast: 1, isUnique: true),
      example: "[us-east-1a, us-east-1b]", "The region's zones that nodes may stand in."
    ).required.replacesNodes
    Field(
      "limits", \.limits, fields: .limits,
      "Upper bounds of the whole cluster; no plan exceeds them.")
    Field(
      "demandModel", \.demandModel, optionalFields: .demandModel,
      """
      How workloads that state a demand get their replicas here: with the loads C, S and N it takes \
      R = base + alpha·C + beta·S + gamma·N resource units.
      """)
    Field(
      "catalog", \.catalog, .anyText, example: "prices.yaml",
      "A price file beside this manifest that replaces or extends the built-in catalogue.")
    Field(
      "prometheus", \.prometheus, optionalFields: .prometheus,
      "What knows the load of its workloads, for those with `autoscale`.")
    Field(
      "haproxy", \.haproxy, optionalFields: .haproxy,
      "An HAProxy that spreads the requests for its services over their replicas.")
    Field(
      "budget", \.budget, optionalFields: .budget,
      """
      What may be spent here in a month; with `onExceed: hold` no more nodes are bought then.
      """)
  }
}

extension Table<Budget> {
  static let budget = Table(
    "budget", blank: Budget(monthly: .zero), "How much may be spent in a calendar month (UTC)."
  ) {
    Field("monthly", \.monthly, .money, example: "$40000", "The most that may be spent.").required
    Field(
      "onExceed", \.onExceed, .choice(), example: "hold",
      """
      What comes of it when more was spent: `warn` says so in every plan, `hold` also lets nothing \
      more be bought, and `stopIdle` also stops workloads that are idle.
      """)
  }
}

extension Form<String> {
  static let zone = Form.name(.foreign, "a zone")
}

extension Table<SimulatedSettings> {
  static let simulated = Table(
    "simulated", blank: SimulatedSettings(), "The built-in world's temper. All times are virtual."
  ) {
    Field(
      "seed", \.seed, .integer(0...Int64(Int32.max)), example: "7",
      "Everything that happens by chance follows from it; the same seed gives the same run.")
    Field(
      "bootTime", \.bootTime, .duration, example: "90s",
      "How long a node takes from its order until it is ready.")
    Field(
      "startTime", \.startTime, .duration, example: "20s",
      "How long a replica takes from its start until it is ready.")
    Field(
      "outOfStock", \.outOfStock, .list(of: .name(.foreign, "an instance type"), isUnique: true),
      example: "[p5.48xlarge, \"p4d.24xlarge:spot\"]",
      "Instance types that can't be had, or can't be had in one way: `p5.48xlarge:spot`.")
    Field(
      "spotLifetime", \.spotLifetime, .durationOrNever, example: "6h",
      "How long a spot node lives on average before the provider takes it back.")
    Field(
      "address", \.address, .hostAddress, example: "127.0.0.1",
      "Where all of its nodes are to be reached, for trying endpoints out; nowhere where left out.")
  }
}

extension Table<ClusterLimits> {
  static let limits = Table(
    "limits", blank: ClusterLimits(), "Upper bounds of a whole cluster; no plan exceeds them."
  ) {
    Field("nodes", \.nodes, .integer(0...1_000_000), example: "64", "The most nodes.")
    Field(
      "accelerators", \.accelerators, .integer(0...10_000_000), example: "256",
      "The most accelerators, of all models together.")
    Field(
      "cost", \.costPerHour, .pricePerHour, example: "$2500/h", "The most that all nodes may cost.")
    Field(
      "nodesPerMinute", \.nodesPerMinute, .integer(1...100_000), example: "20",
      "The most nodes that are ordered within a minute, whatever a plan asks for.")
    Field(
      "callsPerMinute", \.callsPerMinute, .integer(1...100_000), example: "6000",
      "The most steps that are asked of its provider within a minute; 600 where left out.")
  }
}

extension Table<DemandModel> {
  static let demandModel = Table(
    "demandModel", blank: DemandModel(baseMilli: 0, alphaMilli: 0, betaMilli: 0, gammaMilli: 0),
    "A linear model of demand: R = base + alpha·C + beta·S + gamma·N, in resource units."
  ) {
    Field("base", \.baseMilli, .amount(.decimal), example: "50", "Units at no load.").required
    Field(
      "alpha", \.alphaMilli, .amount(.decimal), example: "0.5", "Units per unit of compute load C."
    ).required
    Field(
      "beta", \.betaMilli, .amount(.decimal), example: "0.2", "Units per unit of storage load S."
    ).required
    Field(
      "gamma", \.gammaMilli, .amount(.decimal), example: "0.1", "Units per unit of network load N."
    ).required
    Field(
      "limits", \.limits, .counts(0...CountRange.textMax), example: "100..1000",
      "The units that R is clamped to; the plan says so whenever that happens.")
  }
}

/// The providers that the format knows by name.
enum ProviderKind: String, CaseIterable, Hashable, Sendable {
  case simulated, slurm, kubernetes
}

extension Form<ProviderKind> {
  /// Providers of releases to come; naming one is no slip of the pen.
  private static let planned = ["aws", "openstack"]

  static let provider: Form = {
    let choice = Form.choice()
    return Form(
      choice.shape, write: choice.write,
      read: { node, reading in
        guard planned.contains(where: node.hasText) else { return choice.read(node, &reading) }
        reading.report(.unsupportedProvider(node))
        return nil
      })
  }()
}
