/// Cells in aligned columns, two spaces apart.
///
/// Rows with a symbol are told, not looked up: where the terminal is too narrow for their columns, the
/// first cell has a line of its own and the others stand beneath it.
struct Table: Sendable {
  enum Alignment: Sendable { case left, right }

  /// A row with what is told beneath it.
  struct Row: Sendable {
    /// Stands before the cells, one space apart.
    var symbol: Symbol?
    var cells: [Cell]
    /// A remark that stands in the line where there is room in every line, else beneath each.
    var remark: String
    /// Lines beneath, as they are.
    var details: [String]

    init(
      symbol: Symbol? = nil, _ cells: [Cell], remark: String = "", details: [String] = []
    ) {
      self.symbol = symbol
      self.cells = cells
      self.remark = remark
      self.details = details
    }
  }

  var alignments: [Alignment]
  var header: [String] = []
  var rows: [Row] = []
  var indent = 0

  init(_ alignments: [Alignment], header: [String] = [], indent: Int = 0) {
    self.alignments = alignments
    self.header = header
    self.indent = indent
  }

  func lines(in style: Style) -> [String] {
    if symbolWidth > 0, widthBeforeRemarks - 2 > style.width { return stacked(in: style) }
    let head = Row(header.map { Cell($0, .heading) })
    return (header.isEmpty ? [] : [line(head, columnWidths, remark: "", style)])
      + rowLines(in: style).flatMap(\.self)
  }

  private func stacked(in style: Style) -> [String] {
    var heads = Table([.left], indent: indent)
    heads.rows = rows.map { Row(symbol: $0.symbol, Array($0.cells.prefix(1))) }
    var beneath = Table(Array(alignments.dropFirst()), indent: indent + symbolWidth + 2)
    beneath.rows = rows.map {
      Row(Array($0.cells.dropFirst()), remark: $0.remark, details: $0.details)
    }
    return zip(heads.lines(in: style), beneath.rowLines(in: style)).flatMap { [$0] + $1 }
  }

  /// The lines of each row.
  private func rowLines(in style: Style) -> [[String]] {
    let widths = columnWidths
    let used = widthBeforeRemarks
    let remarkInline = rows.allSatisfy { used + columns(of: $0.remark) <= style.width }
    return rows.map { row in
      var lines = broken(row, widths, remark: remarkInline ? row.remark : "", style)
      if !remarkInline, !row.remark.isEmpty {
        lines += paragraph(row.remark, indent: indent + symbolWidth + 4, in: style)
          .map { style.paint($0, .quiet) }
      }
      return lines + row.details
    }
  }

  /// The row in one line; or, in a window that is too narrow for its last cell, that cell in as many
  /// as it takes, beneath each other or, where even that leaves no room, beneath the row.
  private func broken(
    _ row: Row, _ widths: [Int], remark: String, _ style: Style
  ) -> [String] {
    let whole = line(row, widths, remark: remark, style)
    guard style.isWindow, remark.isEmpty, alignments.last == .left, widths.count > 1,
      row.cells.count == widths.count, let last = row.cells.last
    else { return [whole] }
    let start = widthBeforeRemarks - (widths.last ?? 0) - 2
    guard start + columns(of: last.text) > style.width else { return [whole] }
    let hasRoom = style.width - start >= Self.lastCellWidthMin
    let place = hasRoom ? start : indent + symbolWidth + 4
    let pieces = wrapped(last.text, width: style.width - place)
    var head = row
    head.cells[widths.count - 1] = Cell(hasRoom ? pieces.first ?? "" : "", last.ink)
    return [line(head, widths, remark: "", style)]
      + pieces.dropFirst(hasRoom ? 1 : 0).map { spaces(place) + style.paint($0, last.ink) }
  }

  /// Columns that make reading a text bearable.
  private static let lastCellWidthMin = 24

  /// A wider symbol reaches into the indentation, as Terraform's `-/+` does.
  private var symbolWidth: Int { rows.contains { $0.symbol != nil } ? 2 : 0 }

  /// With the gap behind the last column.
  private var widthBeforeRemarks: Int {
    indent + symbolWidth + columnWidths.reduce(0) { $0 + ($1 == 0 ? 0 : $1 + 2) }
  }

  private var columnWidths: [Int] {
    alignments.indices.map { index in
      let cells = rows.map { index < $0.cells.count ? columns(of: $0.cells[index].text) : 0 }
      let title = index < header.count ? columns(of: header[index]) : 0
      return max(cells.max() ?? 0, title)
    }
  }

  /// Columns in which no row has anything are left out; nothing trails a line.
  private func line(_ row: Row, _ widths: [Int], remark: String, _ style: Style) -> String {
    let cells = row.cells
    let symbol = row.symbol?.rawValue ?? ""
    var text = spaces(symbolWidth == 0 ? indent : indent + 1 - columns(of: symbol))
    if let drawn = row.symbol { text += style.paint(drawn.rawValue, drawn.ink) + " " }
    var gap = 0
    for (index, width) in widths.enumerated() where width > 0 {
      let cell = index < cells.count ? cells[index] : Cell("")
      let fill = width - columns(of: cell.text)
      let before = alignments[index] == .right ? fill : 0
      if !cell.text.isEmpty {
        text += spaces(gap + before) + style.paint(cell.text, cell.ink)
        gap = 0
      }
      gap += (cell.text.isEmpty ? width : fill - before) + 2
    }
    return remark.isEmpty ? text : text + spaces(gap) + style.paint(remark, .quiet)
  }
}
