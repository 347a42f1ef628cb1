/// Text with keycap marks (1️⃣, 2️⃣ …) that say where something must be found.
public struct MarkedText: Sendable {
  /// The text without its marks.
  public let text: String
  /// The byte of `text` that each mark stands before.
  public let offsets: [String: Int]

  public init(_ marked: String) {
    var scalars: [Unicode.Scalar] = []
    var offsets: [String: Int] = [:]
    var bytes = 0
    for scalar in marked.unicodeScalars {
      guard scalar == "\u{20E3}", scalars.last == "\u{FE0F}" else {
        scalars.append(scalar)
        bytes += UTF8.width(scalar)
        continue
      }
      let digit = scalars[scalars.count - 2]
      scalars.removeLast(2)
      bytes -= UTF8.width("\u{FE0F}") + UTF8.width(digit)
      offsets["\(digit)\u{FE0F}\u{20E3}"] = bytes
    }
    self.text = scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
    self.offsets = offsets
  }

  /// The byte that `mark` stands before; -1 if the text has no such mark.
  public func offset(_ mark: String) -> Int { offsets[mark] ?? -1 }
}
