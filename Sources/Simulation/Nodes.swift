public import Model

extension World {
  /// Nodes in a row, and which of them were touched since somebody last asked: who keeps a world
  /// somewhere need not compare all of it to know what to write.
  public struct Nodes: RandomAccessCollection, MutableCollection, RangeReplaceableCollection,
    Hashable,
    Sendable
  {
    private var list: [Node]
    /// Nodes that were changed, added or removed.
    public private(set) var touched: Set<NodeID> = []

    public init() { list = [] }

    /// None of `nodes` counts as touched.
    public init(_ nodes: some Sequence<Node>) { list = Array(nodes) }

    public var startIndex: Int { 0 }
    public var endIndex: Int { list.count }

    public subscript(index: Int) -> Node {
      get { list[index] }
      _modify {
        touched.insert(list[index].id)
        yield &list[index]
      }
    }

    public mutating func replaceSubrange(
      _ range: Range<Int>, with nodes: some Collection<Node>
    ) {
      for node in list[range] { touched.insert(node.id) }
      for node in nodes { touched.insert(node.id) }
      list.replaceSubrange(range, with: nodes)
    }

    public mutating func forgetTouched() { touched = [] }

    public static func == (left: Nodes, right: Nodes) -> Bool { left.list == right.list }

    public func hash(into hasher: inout Hasher) { hasher.combine(list) }
  }
}
