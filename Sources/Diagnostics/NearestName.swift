/// "Did you mean …?": the known name that a misspelt one is nearest to.
public enum NearestName {
  /// The nearest of the candidates, or nil if none is near enough to be worth saying.
  ///
  /// Near is at most one edit for each three characters: an insertion, a deletion, another
  /// character, or two neighbours swapped (Damerau and Levenshtein's distance in its restricted
  /// form, Oommen and Loke 1997). Case differs for free. Of names at one distance the first by
  /// bytes wins, whatever the order of the candidates.
  public static func suggest(_ name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = folded(name)
    guard !wanted.isEmpty, wanted.count <= charactersMax else { return nil }
    let editsMax = wanted.count / 3
    var best: (edits: Int, name: String)?
    for candidate in candidates where !candidate.utf8.elementsEqual(name.utf8) {
      let known = folded(candidate)
      guard !known.isEmpty, abs(known.count - wanted.count) <= editsMax else { continue }
      let edits = distance(wanted, known)
      guard edits <= editsMax else { continue }
      if let best, (best.edits, Bytes(best.name)) <= (edits, Bytes(candidate)) { continue }
      best = (edits, candidate)
    }
    return best?.name
  }

  /// Longer names are not compared: the time is the product of the two lengths.
  private static let charactersMax = 64

  private static func folded(_ name: String) -> [Unicode.Scalar] {
    name.unicodeScalars.map { scalar in
      guard "A"..."Z" ~= scalar else { return scalar }
      return Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
    }
  }

  /// Edits from `left` to `right`, by rows of the usual table.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var above = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      row.reserveCapacity(right.count + 1)
      for j in right.indices {
        let same = left[i] == right[j]
        var edits = min(above[j + 1] + 1, row[j] + 1, above[j] + (same ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          edits = min(edits, before[j - 1] + 1)
        }
        row.append(edits)
      }
      (before, above) = (above, row)
    }
    return above[right.count]
  }

  /// Names by their bytes: Swift's own order takes strings that Unicode calls equal for one.
  private struct Bytes: Comparable {
    let name: String

    init(_ name: String) { self.name = name }

    static func < (left: Bytes, right: Bytes) -> Bool {
      left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }

    static func == (left: Bytes, right: Bytes) -> Bool {
      left.name.utf8.elementsEqual(right.name.utf8)
    }
  }
}
