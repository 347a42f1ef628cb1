import CLibYAML

/// The anchors of one document and what stands behind each, counted as if expanded.
struct Anchors {
  struct Anchor {
    let index: Int
    /// Nodes of its subtree, with aliases expanded.
    var nodes = 1
    /// Collections within it, itself included; 0 for a scalar.
    var height = 0
    /// Whether it is a collection that has not ended.
    var isOpen: Bool
  }

  private var list: [Anchor] = []
  /// By the bytes of the name: as strings, two that differ would be one if Unicode calls them
  /// equal.
  private var indices: [[UInt8]: Int] = [:]
  /// Aliases of the whole file.
  private var aliases = 0

  /// A second anchor of a name takes it over, as YAML says.
  @discardableResult
  mutating func define(
    _ name: UnsafeMutablePointer<yaml_char_t>, index: Int, isOpen: Bool = false
  ) -> Int {
    list.append(Anchor(index: index, isOpen: isOpen))
    unsafe indices[Problems.bytes(name)] = list.count - 1
    return list.count - 1
  }

  mutating func finish(_ anchor: Int, nodes: Int, height: Int) {
    list[anchor].nodes = nodes
    list[anchor].height = height
    list[anchor].isOpen = false
  }

  subscript(name: [UInt8]) -> Anchor? { indices[name].map { list[$0] } }

  var names: [String] { indices.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() }

  mutating func countAlias(within limit: Int) -> Bool {
    aliases += 1
    return aliases <= limit
  }

  /// At the start of a document, where names begin anew.
  mutating func removeAll() {
    guard !list.isEmpty else { return }
    list.removeAll()
    indices.removeAll()
  }
}
