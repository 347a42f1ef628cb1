import Catalog
import Model
import YAML

/// What a document of `kind: PriceFile` says. It declares no object; a cluster names its file as
/// `catalog`.
///
///     apiVersion: setpoint/v1
///     kind: PriceFile
///     regions: [{name: lab, cloud: on-prem}]
///     instanceTypes:
///       - {name: dgx-h100, cpu: 224, memory: 2Ti, accelerator: {model: H100, count: 8, memory: 80Gi}}
///     prices:
///       - {region: lab, instanceType: dgx-h100, onDemand: $12.00/h}
extension Table<PriceFile> {
  static let kindName = "PriceFile"

  static let priceFile = Table(
    kindName, blank: PriceFile(),
    rules: [.atLeastOne("regions", "instanceTypes", "prices")],
    "Instance types and prices of your own, for the clusters that name the file as `catalog`."
  ) {
    Field(
      "apiVersion", alwaysSays: ManifestFormat.apiVersion, orElse: .apiVersion,
      "The version of this format.")
    Field("kind", alwaysSays: kindName, orElse: .kind, "What the document holds.")
    Field(
      "replaces", \.replacesCatalog, .boolean, example: "true",
      "Whether nothing but this file holds; otherwise it goes over the built-in catalogue.")
    Field(
      "regions", \.regions, .list(of: .fields(.region)), example: "[{name: lab, cloud: on-prem}]",
      "Regions that the built-in catalogue has not, or has otherwise.")
    Field(
      "instanceTypes", \.instanceTypes, .list(of: .instanceType),
      example: "[{name: dgx-h100, cpu: 224, memory: 2Ti}]",
      "Instance types that the built-in catalogue has not, or has otherwise.")
    Field(
      "prices", \.prices, .list(of: .fields(.price)),
      example: "[{region: lab, instanceType: dgx-h100, onDemand: $12/h}]",
      "What is sold in a region, and for how much.")
  }
}

extension Table<Region> {
  static let region = Table(
    "a region", blank: Region(name: "", cloud: ""), "A place where nodes are sold."
  ) {
    Field("name", \.name, .name(.foreign, "a region"), example: "lab", "Its name.").required
    Field(
      "cloud", \.cloud, .name(.foreign, "a cloud"), example: "on-prem", "Who sells there."
    ).required
    Field(
      "zones", \.zones, .list(of: .zone, isUnique: true), example: "[rack-a, rack-b]",
      "Its zones; any that a cluster names where left out.")
  }
}

extension Table<Price> {
  static let price = Table(
    "a price", blank: Price(region: "", instanceType: "", onDemandPerHour: nil),
    rules: [.atLeastOne("onDemand", "spot")], "What one instance type costs in one region."
  ) {
    Field("region", \.region, .name(.foreign, "a region"), example: "lab", "Where.").required
    Field(
      "instanceType", \.instanceType, .name(.foreign, "an instance type"), example: "dgx-h100",
      "What."
    ).required
    Field(
      "onDemand", \.onDemandPerHour, .pricePerHour, example: "$12/h",
      "The price of a node that stays; not sold this way where left out.")
    Field(
      "spot", \.spotPerHour, .pricePerHour, example: "$4/h",
      "The usual price of a node that may be taken back; not sold this way where left out.")
    Field(
      "estimate", \.isSpotEstimate, .boolean, example: "true",
      "Whether the spot price was worked out from something else.")
    Field(
      "date", \.date, .date, example: "\"2026-07-01\"", "The day on which the price held.")
  }
}

extension Form<String> {
  /// A day, kept as it is written; none where left out.
  fileprivate static let date = Form(
    TextShape(
      noun: "a date", examples: ["2026-07-01"], pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    code: .invalidDate, print: { $0.isEmpty ? nil : .text($0) },
    parse: { utf8 throws(TextProblem) in
      let day = String(decoding: utf8, as: UTF8.self)
      _ = try Timestamp.parse(day + "T00:00:00Z")
      return day
    })
}

/// An instance type as a price file writes it.
private struct WrittenType: Hashable, Sendable {
  var name = ""
  var vCPUs = 0
  var memoryBytes: Int64 = 0
  var allocatable: Resources?
  var storageBytes: Int64 = 0
  var networkBitsPerSecond: Int64 = 0
  var accelerators: Accelerators?

  var instanceType: InstanceType {
    InstanceType(
      name: name, vCPUs: vCPUs, memoryBytes: memoryBytes, allocatable: allocatable,
      storageBytes: storageBytes, networkBitsPerSecond: networkBitsPerSecond,
      accelerators: accelerators)
  }

  init() {}

  init(_ type: InstanceType) {
    name = type.name
    vCPUs = type.vCPUs
    memoryBytes = type.memoryBytes
    allocatable = type.capacity.amounts
    storageBytes = type.capacity.amounts.storageBytes
    networkBitsPerSecond = type.capacity.amounts.networkBitsPerSecond
    accelerators = type.capacity.accelerators
  }
}

extension Form<InstanceType> {
  fileprivate static let instanceType: Form = {
    let written = Form<WrittenType>.fields(.writtenType)
    return Form(
      written.shape, write: { written.write(WrittenType($0)) },
      read: { written.read($0, &$1)?.instanceType })
  }()
}

extension Table<WrittenType> {
  fileprivate static let writtenType = Table(
    "an instance type", blank: WrittenType(), "A kind of node as it is sold."
  ) {
    Field(
      "name", \.name, .name(.foreign, "an instance type"), example: "dgx-h100", "Its name."
    ).required
    Field("cpu", \.vCPUs, .integer(1...100_000), example: "224", "Cores, as advertised.").required
    Field("memory", \.memoryBytes, .amount(.bytes), example: "2Ti", "Memory, as advertised.")
      .required
    Field(
      "allocatable", \.allocatable, optionalFields: .allocatable,
      "What replicas can use of both; a share that grows with the node is held back where left out."
    )
    Field(
      "accelerator", \.accelerators, optionalFields: .accelerators, "Its accelerators, if any.")
    Field(
      "storage", \.storageBytes, .amount(.bytes).leftOut(at: 0), example: "30T", "Its local disks.")
    Field(
      "network", \.networkBitsPerSecond, .amount(.bandwidth).leftOut(at: 0), example: "3200Gbps",
      "The bandwidth that it sustains.")
  }
}

extension Table<Resources> {
  fileprivate static let allocatable = Table(
    "allocatable", blank: Resources(), "What replicas can use, after the system's own share."
  ) {
    Field("cpu", \.cpuMilli, .amount(.cores), example: "220", "Cores.").required
    Field("memory", \.memoryBytes, .amount(.bytes), example: "1900Gi", "Memory.").required
  }
}

extension Table<Accelerators> {
  fileprivate static let accelerators = Table(
    "accelerator", blank: Accelerators(model: AcceleratorModel(""), count: 1, memoryBytes: 0),
    "The accelerators of a node, all of one model."
  ) {
    Field("model", \.model, .model, example: "H100", "Their model.").required
    Field("count", \.count, .integer(1...1024), example: "8", "How many.").required
    Field("memory", \.memoryBytes, .amount(.bytes), example: "80Gi", "Memory of each.").required
  }
}
