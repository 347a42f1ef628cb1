/// One line of a source as it is shown, and where in it the underline goes.
///
/// Tabs become spaces, what is invisible is written out, and of a long line only the part around
/// the place is shown, with `…` where it was cut. Costs depend on the columns shown, not on the
/// line.
struct Snippet {
  private(set) var text = ""
  /// Columns before the underline, and its own; at least one, even for an empty place.
  private(set) var indent = 0
  private(set) var length = 0

  /// A character, or a byte that is none.
  private struct Cell {
    let offset: Int
    let text: String
    let columns: Int
  }

  /// - Parameters:
  ///   - place: the bytes to underline; what goes beyond the line is not shown.
  ///   - line: the bytes of the line that `place` begins in, without the line end.
  ///   - columnsMax: at least 3.
  init(of place: Range<Int>, in line: Range<Int>, of bytes: [UInt8], columnsMax: Int) {
    let focus = min(max(place.lowerBound, line.lowerBound), line.upperBound)
    let from = Self.start(of: max(line.lowerBound, focus - columnsMax * 4), in: line, bytes)
    let to = Self.start(of: min(line.upperBound, focus + columnsMax * 4), in: line, bytes)
    var cells = Self.cells(bytes[from..<to])[...]
    var before = Self.columns(cells.prefix { $0.offset < focus })
    var isCutBefore = from > line.lowerBound
    if before > columnsMax * 2 / 3 {
      isCutBefore = true
      while before > columnsMax / 3, let first = cells.popFirst() { before -= first.columns }
    }
    var isCutAfter = to < line.upperBound
    var columns = 0
    let fitting = cells.prefix { cell in
      columns += cell.columns
      return columns <= columnsMax
    }
    isCutAfter = isCutAfter || fitting.count < cells.count

    text = fitting.reduce(into: isCutBefore ? "…" : "") { $0 += $1.text }
    if isCutAfter { text += "…" }
    indent = before + (isCutBefore ? 1 : 0)
    length = max(1, Self.columns(fitting.filter { place.contains($0.offset) }[...]))
  }

  private static func columns(_ cells: ArraySlice<Cell>) -> Int {
    cells.reduce(0) { $0 + $1.columns }
  }

  /// The beginning of the character that the byte at `offset` is part of.
  private static func start(of offset: Int, in line: Range<Int>, _ bytes: [UInt8]) -> Int {
    var offset = offset
    let lowest = max(line.lowerBound, offset - 3)
    while offset > lowest, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
    return offset
  }

  private static func cells(_ bytes: ArraySlice<UInt8>) -> [Cell] {
    var cells: [Cell] = []
    var column = 0
    var offset = bytes.startIndex
    var rest = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    func add(_ text: String, _ columns: Int, bytes count: Int) {
      cells.append(Cell(offset: offset, text: text, columns: columns))
      column += columns
      offset += count
    }
    while true {
      switch parser.parseScalar(from: &rest) {
      case .emptyInput: return cells
      case .error(let count):
        let text = bytes[offset..<offset + count].map(Visible.byte).joined()
        add(text, text.utf8.count, bytes: count)
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if scalar == "\t" {
          let columns = tabColumns - column % tabColumns
          add(String(repeating: " ", count: columns), columns, bytes: 1)
        } else {
          let text = Visible.scalar(scalar)
          let columns = Visible.isPrintable(scalar) ? Visible.columns(scalar) : text.utf8.count
          add(text, columns, bytes: encoded.count)
        }
      }
    }
  }

  private static let tabColumns = 4
}
