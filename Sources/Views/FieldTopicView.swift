public import Manifests
import Model

/// What there is to know of one field.
public struct FieldTopicView: Sendable {
  let topic: FieldTopic
  let style: Style

  public init(_ topic: FieldTopic, style: Style = Style()) {
    self.topic = topic
    self.style = style
  }

  public var text: String {
    var lines = [style.heading(topic.path) + "  \(topic.type)", ""]
    lines += paragraphs(topic.documentation)
    lines += facts
    if !topic.rules.isEmpty {
      lines += ["", style.heading("Rules")] + topic.rules.flatMap(paragraphs)
    }
    if !topic.fields.isEmpty { lines += ["", style.heading("Fields")] + fields }
    return lines.joined(separator: "\n") + "\n"
  }

  private func paragraphs(_ text: String) -> [String] {
    wrapped(text, width: style.width - 2).map { "  \($0)" }
  }

  private var facts: [String] {
    var table = Table([.left, .left], indent: 2)
    if topic.isRequired { table.rows.append(.init([Cell("required"), Cell("yes")])) }
    if let text = topic.defaultText {
      table.rows.append(.init([Cell("default"), Cell(text)]))
    }
    if let text = topic.example { table.rows.append(.init([Cell("example"), Cell(text)])) }
    if let text = effect { table.rows.append(.init([Cell("a change"), Cell(text)])) }
    return table.rows.isEmpty ? [] : [""] + table.lines(in: style)
  }

  private var effect: String? {
    switch topic.effect {
    case .inPlace: nil
    case .restartsReplicas: "restarts replicas"
    case .replacesNodes: "replaces nodes"
    }
  }

  private var fields: [String] {
    var table = Table([.left, .left], indent: 2)
    table.rows = topic.fields.map { field in
      Table.Row(
        [Cell(field.name), Cell(field.isRequired ? "\(field.type), required" : field.type)],
        remark: field.documentation)
    }
    return table.lines(in: style)
  }
}
