import Diagnostics

/// The keys of all open mappings, innermost last: what `refuseDuplicateKeys` compares.
///
/// Each is a number that two equal keys share, with the key's index below it, so that most keys are
/// told apart without a look at their text.
struct OpenKeys: ~Copyable {
  private var list = FlatArray<UInt64>()

  var count: Int { list.count }

  @inline(__always)
  mutating func append(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) {
    var mark = UInt64(truncatingIfNeeded: text.count) & 0xFF
    if let last = unsafe text.last {
      unsafe mark |= UInt64(last) << 8 | UInt64(text[0]) << 16 | UInt64(text[text.count / 2]) << 24
    }
    list.append(mark << 32 | UInt64(truncatingIfNeeded: index))
  }

  /// Removes and returns the keys from the given one on.
  mutating func pop(from start: Int) -> [Key] {
    let keys = (start..<list.count).map { Key(list[$0]) }
    list.keep(start)
    return keys
  }

  /// Removes the keys from `start` on if no two of them can be equal; also says no where it would
  /// take long to be sure.
  mutating func popIfApart(from start: Int) -> Bool {
    guard list.count - start <= Self.pairwiseMax else { return false }
    for later in start..<list.count {
      for earlier in start..<later where (list[earlier] ^ list[later]) >> 32 == 0 { return false }
    }
    list.keep(start)
    return true
  }

  /// Up to so many keys, comparing all pairs is faster than sorting.
  private static var pairwiseMax: Int { 16 }

  struct Key {
    let mark: UInt32
    let index: Int

    init(_ packed: UInt64) {
      mark = UInt32(truncatingIfNeeded: packed >> 32)
      index = Int(packed & 0xFFFF_FFFF)
    }
  }
}

/// Keys that stand twice in one mapping, which libyaml lets pass.
///
/// Keys are one if their bytes are one, so `1` and `"1"` are the same and an alias counts as its
/// text. They are sorted, which no choice of keys can make slow.
extension TreeBuilder {
  /// Judges the keys of the mapping that ends, the first of which is `start` in `openKeys`.
  mutating func refuseDuplicateKeys(from start: Int) {
    if openKeys.popIfApart(from: start) { return }
    let keys = openKeys.pop(from: start).map { (key: $0, text: keyText($0.index)) }
    let sorted = keys.sorted { left, right in
      if left.key.mark != right.key.mark { return left.key.mark < right.key.mark }
      if left.text.elementsEqual(right.text) { return left.key.index < right.key.index }
      return left.text.lexicographicallyPrecedes(right.text)
    }
    var found: [(key: Int, first: Int)] = []
    var first = sorted.first
    for one in sorted.dropFirst() {
      if let first, first.key.mark == one.key.mark, first.text.elementsEqual(one.text) {
        found.append((one.key.index, first.key.index))
      } else {
        first = one
      }
    }
    for (key, first) in found.sorted(by: { $0.key < $1.key }) {
      records[key].flags.insert(.refused)
      let name = String(decoding: keyText(key), as: UTF8.self)
      problems.report(.duplicateKey(records[key].range, name, first: records[first].range))
    }
  }

  private func keyText(_ key: Int) -> ArraySlice<UInt8> {
    let written = records[key]
    let record = written.shape == .alias ? records[written.payload] : written
    return record.text(in: bytes, copies)
  }
}
