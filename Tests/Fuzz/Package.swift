// swift-tools-version: 6.2
import PackageDescription

// A package of its own, since all that it uses is built once more, watched by libFuzzer:
//   scripts/fuzz 60

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "setpoint-fuzz",
  dependencies: [.package(name: "setpoint", path: "../..")],
  targets: [
    .executableTarget(
      name: "setpoint-fuzz",
      dependencies: [
        .product(name: "SetpointGit", package: "setpoint"),
        .product(name: "SetpointDocuments", package: "setpoint"),
        .product(name: "SetpointReading", package: "setpoint"),
      ],
      swiftSettings: strict)
  ],
  swiftLanguageModes: [.v6]
)
