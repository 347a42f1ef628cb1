/// What an entry of a catalogue is found by, compared by its bytes.
struct Key: Comparable {
  var region = ""
  var name: String

  static func == (left: Key, right: Key) -> Bool { !(left < right) && !(right < left) }

  static func < (left: Key, right: Key) -> Bool {
    if left.region.utf8.elementsEqual(right.region.utf8) {
      return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
    return left.region.utf8.lexicographicallyPrecedes(right.region.utf8)
  }
}

/// An entry of one of the catalogue's sorted lists.
protocol Keyed {
  var key: Key { get }
}

extension Region: Keyed {
  var key: Key { Key(name: name) }
}

extension InstanceType: Keyed {
  var key: Key { Key(name: name) }
}

extension Price: Keyed {
  var key: Key { Key(region: region, name: instanceType) }
}

extension [String] {
  /// Each once, in the order of their bytes.
  func sortedOnce() -> [String] {
    let sorted = self.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return sorted.indices
      .filter { $0 == 0 || !sorted[$0].utf8.elementsEqual(sorted[$0 - 1].utf8) }
      .map { sorted[$0] }
  }
}

extension Array where Element: Keyed {
  /// In the order of their keys, and of those with the same key only the last.
  func sortedKeepingLast() -> [Element] {
    let sorted = indicesByKey()
    return sorted.indices
      .filter { $0 + 1 == sorted.count || self[sorted[$0]].key != self[sorted[$0 + 1]].key }
      .map { self[sorted[$0]] }
  }

  /// The indices of those whose key an earlier entry has already.
  func repeatedIndices() -> [Int] {
    let sorted = indicesByKey()
    return zip(sorted, sorted.dropFirst())
      .filter { self[$0].key == self[$1].key }.map(\.1).sorted()
  }

  /// The indices in the order of their keys, and of the list within one key.
  private func indicesByKey() -> [Int] {
    indices.sorted { self[$0].key == self[$1].key ? $0 < $1 : self[$0].key < self[$1].key }
  }

  /// The first position in this sorted list whose key is not before `key`.
  func position(of key: Key) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The entry of this sorted list with that key.
  func entry(_ key: Key) -> Element? {
    let position = position(of: key)
    return position < count && self[position].key == key ? self[position] : nil
  }
}
