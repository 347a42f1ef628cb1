import Model

/// The picture of a fleet as a part of a page: a line for each node, a square for each device.
///
/// Each workload has a colour of a palette that colour-blind people can tell apart, and a letter,
/// so that nothing is said by colour alone.
struct FleetPage {
  let picture: FleetPicture
  private let letters: [WorkloadName: Int]

  /// Lines that are drawn before the rest is only counted.
  private static let rowsMax = 500

  init(_ picture: FleetPicture) {
    self.picture = picture
    let isDrawn = { (row: FleetPicture.Row) in !row.isSame }
    let ordered = picture.rows.filter(isDrawn) + picture.rows.filter(\.isSame)
    var letters: [WorkloadName: Int] = [:]
    for row in ordered {
      for slot in (row.before ?? []) + (row.after ?? []) {
        for replica in slot.replicas where letters[replica.workload] == nil {
          letters[replica.workload] = letters.count
        }
      }
    }
    self.letters = letters
  }

  var html: HTML {
    guard !picture.rows.isEmpty else { return .nothing }
    let changed = picture.rows.filter { !$0.isSame }
    let same = picture.rows.filter(\.isSame)
    var html: HTML = "<section><h2>Fleet</h2>\n"
    html += changed.isEmpty ? "<p>Every node stays as it is.</p>\n" : table(changed)
    if !same.isEmpty {
      let title = "\(counted(same.count, "node")) \(same.count == 1 ? "stays" : "stay") as before"
      html += "<details><summary>\(title)</summary>\n\(table(same))</details>\n"
    }
    return html + legend(changed.isEmpty ? same : changed) + "</section>\n"
  }

  private func table(_ rows: [FleetPicture.Row]) -> HTML {
    let shown = rows.prefix(Self.rowsMax)
    let more: HTML =
      rows.count > shown.count
      ? "<p class=\"quiet\">and \(counted(rows.count - shown.count, "node")) more</p>\n" : ""
    return """
      <div class="scroll"><table class="fleet">
      <tr><th>Node</th><th>Type</th><th>Before</th><th></th><th>After</th></tr>
      \(HTML(joining: shown.map(line)))</table></div>
      \(more)
      """
  }

  private func line(_ row: FleetPicture.Row) -> HTML {
    let (mark, kind): (String, String) =
      switch (row.before, row.after) {
      case (nil, _): ("+", "added")
      case (_, nil): ("−", "removed")
      case (_?, _?): (row.isSame ? "" : "→", "quiet")
      }
    let what = row.devices.isEmpty ? row.type : row.devices
    return """
      <tr><td>\(row.node.description)</td><td class="quiet" title="\(row.type)">\(what)</td>\
      <td>\(slots(row.before, other: row.after))</td><td class="\(kind)">\(mark)</td>\
      <td>\(slots(row.after, other: row.before))</td></tr>

      """
  }

  private func slots(_ slots: [FleetPicture.Slot]?, other: [FleetPicture.Slot]?) -> HTML {
    guard let slots else { return "<span class=\"quiet\">not there</span>" }
    let drawn = slots.enumerated().map { index, slot -> HTML in
      let isChanged = other.map { !($0.indices.contains(index) && $0[index] == slot) } ?? false
      return square(slot, isChanged: isChanged)
    }
    return "<span class=\"slots\">\(HTML(joining: drawn))</span>"
  }

  private func square(_ slot: FleetPicture.Slot, isChanged: Bool) -> HTML {
    let mark = isChanged ? " new" : ""
    guard let first = slot.replicas.first else {
      return slot.isForeign
        ? "<b class=\"d foreign\(mark)\" title=\"held by others\">·</b>"
        : "<b class=\"d free\(mark)\" title=\"free\"></b>"
    }
    let index = letters[first.workload] ?? 0
    let title = slot.replicas.map(\.description).joined(separator: ", ")
    let more = slot.replicas.count > 1 ? "+" : ""
    return """
      <b class="d c\(index % Self.hues)\(mark)" title="\(title)">\
      \(Self.letter(index))\(more)</b>
      """
  }

  private func legend(_ rows: [FleetPicture.Row]) -> HTML {
    let drawn = Set(
      rows.flatMap { ($0.before ?? []) + ($0.after ?? []) }.flatMap(\.replicas).map(\.workload))
    let known = letters.sorted { $0.value < $1.value }.filter { drawn.contains($0.key) }
    let items = known.prefix(Self.legendMax).map { name, index -> HTML in
      "<li><b class=\"d c\(index % Self.hues)\">\(Self.letter(index))</b> \(name.text)</li>\n"
    }
    let rest = known.count - items.count
    let more: HTML = rest > 0 ? "<li class=\"quiet\">and \(rest) more</li>\n" : ""
    return """
      <ul class="legend">
      \(HTML(joining: items))\(more)\
      <li><b class="d free"></b> free</li>
      <li><b class="d foreign">·</b> others</li>
      <li><b class="d free new"></b> different on this side</li>
      </ul>

      """
  }

  /// Colours of the style.
  private static let hues = 8
  private static let legendMax = 60

  /// `A`, …, `Z`, `AA`, …
  static func letter(_ index: Int) -> String {
    guard let last = Unicode.Scalar(UInt32(65 + index % 26)) else { return "?" }
    return (index >= 26 ? letter(index / 26 - 1) : "") + String(Character(last))
  }
}
