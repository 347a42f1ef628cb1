// swift-tools-version: 6.2
import PackageDescription

// The floors of the house, lowest first. A target imports only targets on lower floors, and of those
// only the ones its line names; docs/architecture.md says what lives where and what is absent.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

// Where plans are searched for and whole lives are simulated, the optimizer makes a test run several
// times shorter. Overflow checks and preconditions stay, as in a release.
let optimized = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

func floor(
  _ name: String, on dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = strict
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, on dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)",
    swiftSettings: strict)
}

let package = Package(
  name: "setpoint",
  products: [
    .executable(name: "setpoint", targets: ["setpoint"]),
    // For the packages in Benchmarks and Tests/Fuzz, which can only name products.
    .library(name: "SetpointAutoscaling", targets: ["Autoscaling", "Model"]),
    .library(name: "SetpointDocuments", targets: ["Documents", "Planning"]),
    .library(name: "SetpointGit", targets: ["Git"]),
    .library(name: "SetpointReading", targets: ["Diagnostics", "Manifests", "YAML"]),
    .library(name: "SetpointScheduling", targets: ["Model", "Scheduling"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    // Without its trait, which would bring Foundation in.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    // Floor 0: C.
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CLibYAML", providers: [.apt(["libyaml-dev"])]),

    // Floor 1: words and nouns.
    floor("Diagnostics"),
    floor("Digests", on: [.product(name: "Crypto", package: "swift-crypto")]),
    floor("JSON"),
    floor("Model", settings: optimized),

    // Floor 2: one skill each.
    floor("Autoscaling", on: ["Model"]),
    floor("Balancing", on: ["Model"]),
    floor("Catalog", on: ["Model"], settings: optimized),
    floor("Scheduling", on: ["Model"], settings: optimized),
    floor("YAML", on: ["CLibYAML", "Diagnostics"], settings: optimized),

    // Floor 3: meaning.
    floor("Manifests", on: ["Catalog", "Diagnostics", "JSON", "Model", "YAML"]),
    floor(
      "Planning", on: ["Autoscaling", "Catalog", "Digests", "Model", "Scheduling"],
      settings: optimized),

    // Floor 4: over time, on paper, and what could be better.
    floor("Advising", on: ["Catalog", "Manifests", "Model"]),
    floor(
      "Documents",
      on: [
        "Autoscaling", "Diagnostics", "Digests", "JSON", "Manifests", "Model", "Planning",
        "Scheduling", "YAML",
      ]),
    floor("Reconciliation", on: ["Balancing", "Model", "Planning"], settings: optimized),
    floor("Simulation", on: ["Model", "Planning"], settings: optimized),

    // Floor 5: in words.
    floor(
      "Views",
      on: [
        "Advising", "Autoscaling", "Balancing", "Catalog", "Diagnostics", "Digests", "Documents",
        "JSON", "Manifests", "Model", "Planning", "Scheduling",
      ]),

    // Floor 6: stories.
    floor(
      "Scenarios",
      on: [
        "Advising", "Autoscaling", "Balancing", "Catalog", "Diagnostics", "Digests", "Manifests",
        "Model", "Planning", "Reconciliation", "Scheduling", "Simulation", "Views",
      ]),

    // The line: above it pure values, below it effects.

    // Floor 7: the doors.
    floor("Interfaces", on: ["Balancing", "Model", "Planning"]),
    floor(
      "HTTP",
      on: [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    floor("ProviderDesk", on: ["Model", "Planning"]),
    floor("Transport", on: [.product(name: "Subprocess", package: "swift-subprocess")]),

    // Floor 8: one adapter each.
    floor(
      "Execution",
      on: [
        "Autoscaling", "Balancing", "Digests", "Interfaces", "Model", "Planning", "Reconciliation",
      ]),
    floor("Git", on: ["Transport"]),
    floor(
      "SQLiteStore",
      on: [
        "Diagnostics", "Digests", "Documents", "Interfaces", "Model", "Planning",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    floor(
      "SimulatedProvider",
      on: [
        "Interfaces", "Model", "Planning", "Simulation",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    floor(
      "KubernetesProvider",
      on: [
        "Diagnostics", "Digests", "HTTP", "Interfaces", "JSON", "Model", "Planning",
        "ProviderDesk", "Transport", "YAML",
      ]),
    floor(
      "HAProxyBalancer", on: ["Balancing", "Interfaces", "Model", "Planning", "Transport"]),
    floor("PrometheusSource", on: ["HTTP", "Interfaces", "JSON", "Model", "Planning"]),
    floor(
      "SlurmProvider",
      on: ["HTTP", "Interfaces", "JSON", "Model", "Planning", "ProviderDesk", "Transport"]),

    // Floor 9: what every adapter must keep, as a suite for their tests; and the house on trial.
    .target(
      name: "ProviderContract", dependencies: ["Interfaces", "Model", "Planning"],
      path: "Tests/ProviderContract", swiftSettings: strict),

    // A server whose answers a test gives.
    .target(
      name: "Loopback",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], path: "Tests/Loopback", swiftSettings: strict),

    // Runs the house over a simulated world where everything fails, and judges what it does.
    floor(
      "Trials",
      on: [
        "Balancing", "Catalog", "Diagnostics", "Digests", "Execution", "Interfaces", "Manifests",
        "Model", "Planning", "Reconciliation", "SQLiteStore", "Scenarios", "Scheduling",
        "Simulation",
        "Views", "YAML",
      ]),

    // Floor 10: the command line; and an API server that tests speak to.
    .target(
      name: "KubernetesImitation", dependencies: ["HTTP", "JSON", "Loopback"],
      path: "Tests/KubernetesImitation", swiftSettings: strict),
    floor(
      "Commands",
      on: [
        "Advising", "Autoscaling", "Balancing", "CMalloc", "Catalog", "Diagnostics", "Digests",
        "Documents", "Execution", "Git", "HAProxyBalancer", "HTTP", "Interfaces",
        "KubernetesProvider", "Manifests", "Model",
        "Planning", "PrometheusSource", "Reconciliation", "SQLiteStore", "Scenarios",
        "SimulatedProvider", "Simulation", "SlurmProvider", "Views", "YAML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // In front of a server, it loses and spoils what a test says.
    .target(
      name: "FaultProxy", dependencies: ["HTTP", "Loopback"], path: "Tests/FaultProxy",
      swiftSettings: strict),

    // Floor 11: the program.
    .executableTarget(name: "setpoint", dependencies: ["Commands"], swiftSettings: strict),
    .executableTarget(
      name: "setpoint-sim",
      dependencies: [
        "Model", "Trials", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),

    // Tests.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    // An API server as a program, for stories that are told from outside.
    .executableTarget(
      name: "setpoint-kubernetes", dependencies: ["HTTP", "KubernetesImitation", "Loopback"],
      path: "Tests/KubernetesServer", swiftSettings: strict),
    tests("AdvisingTests", on: ["Advising", "Catalog", "Diagnostics", "Manifests", "Model"]),
    tests("ArchitectureTests", on: []),
    tests("AutoscalingTests", on: ["Autoscaling", "Model"]),
    tests("BalancingTests", on: ["Balancing", "Model"]),
    tests("CatalogTests", on: ["Catalog", "Model"]),
    // The built program, as a process of its own.
    tests(
      "CommandTests",
      on: [
        "HTTP", "KubernetesImitation", "Loopback", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests("DiagnosticsTests", on: ["Commands", "Diagnostics", "Manifests"]),
    tests(
      "DocumentsTests",
      on: [
        "Autoscaling", "Diagnostics", "Digests", "Documents", "Manifests", "Model", "Planning",
        "Scheduling",
      ]),
    tests(
      "ExamplesTests",
      on: [
        "Catalog", "Diagnostics", "Digests", "Documents", "Manifests", "Model", "Planning",
        "Views",
      ]),
    tests(
      "ExecutionTests",
      on: [
        "Autoscaling", "Balancing", "Catalog", "Digests", "Execution", "Interfaces", "Model",
        "Planning",
        "Reconciliation",
        "SimulatedProvider", "Simulation",
      ]),
    tests(
      "HAProxyBalancerTests",
      on: [
        "Balancing", "HAProxyBalancer", "HTTP", "Interfaces", "Loopback", "Model", "Planning",
      ]),
    // Runs the program and the files of docs/gitops.
    tests("GitOpsTests", on: ["Diagnostics", "YAML"]),
    tests("GitTests", on: ["Git"]),
    tests("JSONTests", on: ["JSON"]),
    tests(
      "KubernetesProviderTests",
      on: [
        "Catalog", "Diagnostics", "FaultProxy", "HTTP", "Interfaces", "JSON",
        "KubernetesImitation", "KubernetesProvider", "Loopback", "Manifests", "Model", "Planning",
        "ProviderContract", "Views",
      ]),
    tests("ManifestsTests", on: ["Catalog", "Diagnostics", "Manifests", "Model", "YAML"]),
    tests("ModelTests", on: ["Model"]),
    tests(
      "PlanningTests",
      on: ["Autoscaling", "Catalog", "Digests", "Model", "Planning", "Scheduling", "Simulation"]),
    tests(
      "PrometheusSourceTests",
      on: [
        "Execution", "HTTP", "Interfaces", "Loopback", "Model", "Planning", "PrometheusSource",
      ]),
    tests(
      "ReconciliationTests", on: ["Balancing", "Digests", "Model", "Planning", "Reconciliation"]),
    tests(
      "SQLiteStoreTests",
      on: [
        "Digests", "Documents", "Interfaces", "Model", "Planning", "SQLiteStore",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      "ScenarioTests",
      on: [
        "Advising", "Catalog", "Model", "Planning", "Scenarios", "Simulation", "Trials", "Views",
      ]),
    tests("SchedulingTests", on: ["Model", "Scheduling"]),
    tests(
      "SimulatedProviderTests",
      on: [
        "Interfaces", "Model", "Planning", "ProviderContract", "SimulatedProvider", "Simulation",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      "SlurmProviderTests",
      on: [
        "FaultProxy", "HTTP", "Interfaces", "JSON", "Loopback", "Model", "Planning",
        "ProviderContract", "ProviderDesk", "SlurmProvider",
      ]),
    tests("SimulationTests", on: ["Model", "Planning", "ProviderContract", "Simulation"]),
    tests("HTTPTests", on: ["HTTP", "Loopback"]),
    tests("FaultProxyTests", on: ["FaultProxy", "HTTP", "Loopback"]),
    tests("TransportTests", on: ["Transport"]),
    tests("TrialTests", on: ["Model", "Trials"]),
    tests(
      "ViewsTests",
      on: [
        "Advising", "Autoscaling", "Catalog", "Diagnostics", "Digests", "Manifests", "Model",
        "Planning",
        "Scheduling",
        "Views",
      ]),
    tests("YAMLTests", on: ["Diagnostics", "YAML"]),
  ],
  swiftLanguageModes: [.v6]
)
