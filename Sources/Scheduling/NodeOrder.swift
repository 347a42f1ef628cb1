import Model

/// The order of nodes by name, in which a number counts as one: `h100-2` comes before `h100-10`, as they
/// stand side by side.
enum NodeOrder {
  static func precedes(_ left: NodeID, _ right: NodeID) -> Bool {
    left.cluster != right.cluster
      ? left.cluster < right.cluster : precedes(left.name, right.name)
  }

  private static func precedes(_ left: String, _ right: String) -> Bool {
    var (one, other) = (left.utf8.makeIterator(), right.utf8.makeIterator())
    var isInNumber = false
    while true {
      let (byte, rival) = (one.next(), other.next())
      if byte != rival {
        let (digit, rivalDigit) = (isDigit(byte), isDigit(rival))
        if digit && rivalDigit {
          return isShorter(&one, &other) ?? ((byte ?? 0) < (rival ?? 0))
        }
        // One of the two numbers goes on, and is the larger one.
        if isInNumber && digit != rivalDigit { return rivalDigit }
        guard let byte else { return true }
        return rival.map { byte < $0 } ?? false
      }
      if byte == nil { return false }
      isInNumber = isDigit(byte)
    }
  }

  /// Whether the rest of the first number has fewer digits; nil where both have as many.
  private static func isShorter(
    _ one: inout String.UTF8View.Iterator, _ other: inout String.UTF8View.Iterator
  ) -> Bool? {
    while true {
      switch (isDigit(one.next()), isDigit(other.next())) {
      case (true, true): continue
      case (true, false): return false
      case (false, true): return true
      case (false, false): return nil
      }
    }
  }

  private static func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }
}
