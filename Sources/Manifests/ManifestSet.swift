public import Diagnostics
public import Model
import YAML

/// What the manifests of one run declare, before anything is known of what they refer to.
public struct ManifestSet: Sendable {
  /// In the order of the sources and of the documents in each.
  public let manifests: [Manifest]
  /// The sets of which these manifests are the whole: what one of them lacks is to be deleted.
  /// Sorted.
  public let sets: [SetName]
  /// Whether every document could be read. If not, what is missing here is unknown and not absent.
  public let isComplete: Bool
  /// Objects that were declared with some mistake, by what could be read of their names.
  let undecoded: [ObjectID]
  /// Whether there are documents of which not even the name could be read.
  let hasUnknownNames: Bool
  /// In the order of the sources.
  public let priceFiles: [PriceManifest]
}

/// One object and where it was declared.
public struct Manifest: Sendable {
  public let spec: AnySpec
  public let origin: Origin
}

/// An object of any kind.
public enum AnySpec: Hashable, Sendable {
  case cluster(ClusterSpec)
  case nodePool(NodePoolSpec)
  case queue(QueueSpec)
  case workload(WorkloadSpec)
  case gate(GateSpec)

  public var metadata: Metadata {
    switch self {
    case .cluster(let spec): spec.metadata
    case .nodePool(let spec): spec.metadata
    case .queue(let spec): spec.metadata
    case .workload(let spec): spec.metadata
    case .gate(let spec): spec.metadata
    }
  }

  public var id: ObjectID {
    switch self {
    case .cluster(let spec): spec.id
    case .nodePool(let spec): spec.id
    case .queue(let spec): spec.id
    case .workload(let spec): spec.id
    case .gate(let spec): spec.id
    }
  }
}

/// Where an object was declared, down to each of its fields.
public struct Origin: Sendable {
  let root: YAMLNode

  /// The span of a value, by the names of the fields that lead to it, or an item by its index:
  /// `span("spec", "zones", "0")`. Where a field is not given, the nearest one around it that is.
  public func span(_ path: String...) -> Span { span(path) }

  public func span(_ path: [String]) -> Span {
    var node = root
    var span = nameSpan
    for (depth, name) in path.enumerated() {
      guard let next = child(name, of: node) else { break }
      node = next.value
      // `spec` as a whole says less than the object's name does.
      if depth > 0 || path.count == 1 { span = node.kind == .mapping ? next.key.span : node.span }
    }
    return span
  }

  /// The object's name, where it is spoken of as a whole.
  public var nameSpan: Span { root["metadata"]?["name"]?.span ?? root.span }

  private func child(_ name: String, of node: YAMLNode) -> (key: YAMLNode, value: YAMLNode)? {
    switch node.kind {
    case .scalar: return nil
    case .mapping:
      let entry = node.entries.first { $0.key.hasText(name) }
      return entry.map { ($0.key, $0.value) }
    case .sequence:
      let item = node.items.enumerated().first { "\($0.offset)" == name }
      return item.map { ($0.element, $0.element) }
    }
  }
}
