public import Catalog
public import Model

/// Specs as manifests again: each object has one text, and reading it gives the same object.
///
/// Defaults are written out, so that a stored text keeps its meaning when a default changes. Text is
/// quoted wherever a reader of YAML 1.1 or 1.2 would take it for something other than text.
public enum CanonicalText {
  /// One manifest, with a line end.
  public static func manifest(_ spec: AnySpec) -> String {
    switch spec {
    case .cluster(let spec): manifest(spec)
    case .nodePool(let spec): manifest(spec)
    case .queue(let spec): manifest(spec)
    case .workload(let spec): manifest(spec)
    case .gate(let spec): manifest(spec)
    }
  }

  public static func manifest<S: Spec>(_ spec: S) -> String {
    text(of: S.table.write(spec) ?? .fields([]))
  }

  static func text(of value: Written) -> String {
    var emitter = Emitter()
    emitter.emit(value, indent: 0)
    return emitter.text
  }

  /// A price file, which is read back as the same.
  public static func priceFile(_ file: PriceFile) -> String {
    text(of: Table.priceFile.write(file) ?? .fields([]))
  }

  /// All objects, kinds in their order, names sorted within, as the documents of one text.
  public static func manifests(_ state: DesiredState) -> String {
    let documents =
      state.clusters.map { manifest($0) } + state.nodePools.map { manifest($0) }
      + state.queues.map { manifest($0) } + state.workloads.map { manifest($0) }
      + state.gates.map { manifest($0) }
    return documents.joined(separator: "---\n")
  }

  /// All that is wanted as one text, the same for the same wishes only: `manifests` with the price files
  /// that they go by, sorted by cluster.
  public static func wishes(_ manifests: String, _ prices: [ClusterPrices]) -> String {
    let prices = prices.map { "# prices of \($0.cluster)\n\($0.text)" }
    return ([manifests] + prices).joined(separator: "---\n")
  }
}

private struct Emitter {
  var text = ""
  /// Lists of scalars stay on the line of their field up to this column.
  private static let columnsMax = 80

  mutating func emit(_ value: Written, indent: Int) {
    switch value {
    case .plain, .text: line(indent, value.flow)
    case .list(let items):
      for item in items { emit(item: item, indent: indent) }
    case .fields(let entries), .map(let entries):
      for entry in entries { emit(entry, indent: indent) }
    }
  }

  private mutating func line(_ indent: Int, _ content: String) {
    text += String(repeating: " ", count: indent) + content + "\n"
  }

  private mutating func emit(_ entry: Written.Entry, indent: Int) {
    let key = YAMLScalar.text(entry.key)
    let flow = "\(key): \(entry.value.flow)"
    if entry.value.isFlat, entry.value.isScalar || indent + flow.utf8.count <= Self.columnsMax {
      return line(indent, flow)
    }
    line(indent, key + ":")
    emit(entry.value, indent: indent + 2)
  }

  /// An item's first line follows its dash; the others stand under it.
  private mutating func emit(item: Written, indent: Int) {
    if item.isFlat { return line(indent, "- " + item.flow) }
    var inner = Emitter()
    inner.emit(item, indent: indent + 2)
    text += String(repeating: " ", count: indent) + "- " + inner.text.dropFirst(indent + 2)
  }
}

extension Written {
  var isScalar: Bool {
    switch self {
    case .plain, .text: true
    case .list, .fields, .map: false
    }
  }

  /// Whether it can stand on one line without getting hard to read.
  fileprivate var isFlat: Bool {
    switch self {
    case .plain, .text: true
    case .list(let items): items.allSatisfy(\.isScalar)
    case .fields(let entries), .map(let entries): entries.isEmpty
    }
  }

  /// The whole value on one line: `{key: dedicated, effect: NoSchedule}`.
  var flow: String {
    switch self {
    case .plain(let text): text
    case .text(let text): YAMLScalar.text(text)
    case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .fields(let entries), .map(let entries):
      "{"
        + entries.map { "\(YAMLScalar.text($0.key)): \($0.value.flow)" }.joined(separator: ", ")
        + "}"
    }
  }
}
