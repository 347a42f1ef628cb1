import Diagnostics

/// Keys that stand twice in one mapping, which libyaml lets pass.
///
/// Keys are one if their bytes are one, so `1` and `"1"` are the same and an alias counts as its
/// text. Few keys are compared each with each; many are sorted, which no choice of keys can make
/// slow.
extension TreeBuilder {
  /// Up to so many keys, comparing all pairs is faster than sorting.
  private static var pairwiseMax: Int { 16 }

  mutating func refuseDuplicateKeys(of mapping: Int) {
    let count = records[mapping].childCount / 2
    let found =
      count <= Self.pairwiseMax ? pairwiseDuplicates(of: mapping) : sortedDuplicates(of: mapping)
    for (key, first) in found {
      records[key].flags.insert(.refused)
      let name = String(decoding: keyText(key), as: UTF8.self)
      problems.report(.duplicateKey(records[key].range, name, first: records[first].range))
      if problems.isFull { return }
    }
  }

  private func pairwiseDuplicates(of mapping: Int) -> [(key: Int, first: Int)] {
    var found: [(key: Int, first: Int)] = []
    let end = records[mapping].subtreeEnd
    var key = nextKey(from: mapping + 1, end)
    while key < end {
      var earlier = nextKey(from: mapping + 1, end)
      while earlier < key {
        if isSame(earlier, key) {
          found.append((key, earlier))
          break
        }
        earlier = nextKey(from: next(next(earlier)), end)
      }
      key = nextKey(from: next(next(key)), end)
    }
    return found
  }

  private func sortedDuplicates(of mapping: Int) -> [(key: Int, first: Int)] {
    var keys: [Int] = []
    let end = records[mapping].subtreeEnd
    var key = nextKey(from: mapping + 1, end)
    while key < end {
      keys.append(key)
      key = nextKey(from: next(next(key)), end)
    }
    keys.sort { left, right in
      let (a, b) = (keyText(left), keyText(right))
      if a.count != b.count { return a.count < b.count }
      if a.lexicographicallyPrecedes(b) { return true }
      return left < right && a.elementsEqual(b)
    }
    var found: [(key: Int, first: Int)] = []
    var first = keys.first ?? end
    for key in keys.dropFirst() {
      if isSame(first, key) { found.append((key, first)) } else { first = key }
    }
    return found.sorted { $0.key < $1.key }
  }

  /// `key`, or the next one behind it that was not refused.
  private func nextKey(from key: Int, _ end: Int) -> Int {
    var key = key
    while key < end, records[key].flags.contains(.refused) { key = next(next(key)) }
    return key
  }

  private func next(_ index: Int) -> Int {
    records[index].isCollection ? records[index].subtreeEnd : index + 1
  }

  @inline(__always)
  private func isSame(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (scalar(left), scalar(right))
    return a.textRange.count == b.textRange.count && keyText(left).elementsEqual(keyText(right))
  }

  private func scalar(_ key: Int) -> Record {
    let record = records[key]
    return record.shape == .alias ? records[record.target] : record
  }

  private func keyText(_ key: Int) -> ArraySlice<UInt8> {
    let record = scalar(key)
    return record.flags.contains(.copied) ? text[record.textRange] : bytes[record.textRange]
  }
}
