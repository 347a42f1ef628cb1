// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that neither it nor what it measures against is part of a normal build:
//   swift run -c release --package-path Benchmarks setpoint-bench

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "setpoint-benchmarks",
  dependencies: [.package(name: "setpoint", path: "..")],
  targets: [
    .target(name: "CEventLoop", linkerSettings: [.linkedLibrary("yaml")]),
    .executableTarget(
      name: "setpoint-bench",
      dependencies: [
        "CEventLoop",
        .product(name: "SetpointAutoscaling", package: "setpoint"),
        .product(name: "SetpointReading", package: "setpoint"),
        .product(name: "SetpointScheduling", package: "setpoint"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
