/// Labels as sorted pairs, so that no order but the keys' own reaches an output.
public struct Labels: Hashable, Sendable {
  public struct Pair: Hashable, Sendable {
    public let key: String
    public let value: String

    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// Sorted by the bytes of the key; keys are unique.
  public private(set) var pairs: [Pair]

  public static let none = Labels([])

  /// A later pair with the same key wins.
  public init(_ pairs: [(String, String)]) {
    self.pairs = []
    for (key, value) in pairs { self[key] = value }
  }

  public var isEmpty: Bool { pairs.isEmpty }

  public subscript(key: String) -> String? {
    get { index(of: key).found ? pairs[index(of: key).at].value : nil }
    set {
      let (at, found) = index(of: key)
      if found { pairs.remove(at: at) }
      if let newValue { pairs.insert(Pair(key, newValue), at: at) }
    }
  }

  /// Whether every pair of `selector` is among these labels.
  public func matches(_ selector: Labels) -> Bool {
    selector.pairs.allSatisfy { self[$0.key] == $0.value }
  }

  /// These labels with those of `other` over them.
  public func merging(_ other: Labels) -> Labels {
    var merged = self
    for pair in other.pairs { merged[pair.key] = pair.value }
    return merged
  }

  private func index(of key: String) -> (at: Int, found: Bool) {
    var low = 0
    var high = pairs.count
    while low < high {
      let middle = (low + high) / 2
      if pairs[middle].key.utf8.lexicographicallyPrecedes(key.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return (low, low < pairs.count && pairs[low].key.utf8.elementsEqual(key.utf8))
  }
}

/// A node's mark that keeps workloads away which do not tolerate it.
public struct Taint: Hashable, Comparable, Sendable {
  public enum Effect: String, CaseIterable, Hashable, Sendable {
    /// No new replica is placed here.
    case noSchedule = "NoSchedule"
    /// No new replica is placed here, and running ones leave.
    case noExecute = "NoExecute"
  }

  public var key: String
  public var value: String
  public var effect: Effect

  public init(key: String, value: String = "", effect: Effect = .noSchedule) {
    self.key = key
    self.value = value
    self.effect = effect
  }

  public static func < (left: Taint, right: Taint) -> Bool {
    (left.key, left.value, left.effect.rawValue) < (right.key, right.value, right.effect.rawValue)
  }
}

/// What a workload puts up with: a taint of this key, and of this value unless it is left out.
public struct Toleration: Hashable, Sendable {
  public var key: String
  public var value: String?

  public init(key: String, value: String? = nil) {
    self.key = key
    self.value = value
  }

  public func tolerates(_ taint: Taint) -> Bool {
    key == taint.key && (value == nil || value == taint.value)
  }
}
