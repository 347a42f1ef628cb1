import Diagnostics
import Model
import YAML

extension Form {
  /// The fields of `table`.
  static func fields(_ table: Table<Value>) -> Form where Value: Sendable {
    Form(
      .object(table.description), write: { table.write($0) ?? .fields([]) },
      read: { node, reading in
        var value = table.blank
        table.read(node, into: &value, &reading)
        return value
      })
  }

  /// A list, in the order given; an empty one is not written.
  static func list<Element: Hashable & Sendable>(
    of element: Form<Element>, atLeast: Int = 0, isUnique: Bool = false
  ) -> Form where Value == [Element] {
    Form(
      .list(of: element.shape, atLeast: atLeast, isUnique: isUnique),
      write: { $0.isEmpty ? nil : .list($0.compactMap(element.write)) },
      read: { node, reading in
        guard node.kind == .sequence, !node.isRefused else {
          reading.report(.wrongType(node, expected: "a list"))
          return nil
        }
        var values: [Element] = []
        values.reserveCapacity(node.count)
        for item in node.items {
          if let value = element.read(item, &reading) { values.append(value) }
        }
        if isUnique { reportRepeated(in: node, element, &reading) }
        if node.count < atLeast { reading.report(.emptyList(node)) }
        return values
      })
  }

  /// Reports items that stand twice. The values are read again, on their own, to know their places.
  private static func reportRepeated<Element: Hashable & Sendable>(
    in node: YAMLNode, _ element: Form<Element>, _ reading: inout Reading
  ) {
    guard node.count > 1 else { return }
    var aside = Reading()
    var first: [Element: YAMLNode] = [:]
    for item in node.items {
      let problems = aside.diagnostics.count
      guard let value = element.read(item, &aside), aside.diagnostics.count == problems else {
        continue
      }
      if let earlier = first[value] {
        reading.report(.repeatedItem(item, first: earlier))
      } else {
        first[value] = item
      }
    }
  }

  /// One item, or a list of them.
  static func oneOrMany<Element: Hashable & Sendable>(_ element: Form<Element>) -> Form
  where Value == [Element] {
    let list = Form<[Element]>.list(of: element, atLeast: 1, isUnique: true)
    return Form(
      .either(element.shape, list.shape),
      write: { $0.count == 1 ? element.write($0[0]) : list.write($0) },
      read: { node, reading in
        if node.kind == .sequence { return list.read(node, &reading) }
        return element.read(node, &reading).map { [$0] }
      })
  }
}

extension Form<Labels> {
  /// Labels as Kubernetes has them.
  static let labels = Form.pairs(.labelKey, .name(.labelValue, "a label's value"))
  /// Environment variables, with any text as value.
  static let environment = Form.pairs(.variable, .anyText)

  private static func pairs(_ rule: NameRule, _ values: Form<String>) -> Form {
    Form(
      .map(keys: rule, values: values.shape),
      write: { labels in
        labels.isEmpty
          ? nil : .map(labels.pairs.map { Written.Entry($0.key, .text($0.value)) })
      },
      read: { node, reading in
        guard node.kind == .mapping, !node.isRefused else {
          reading.report(.wrongType(node, expected: "a mapping"))
          return nil
        }
        var pairs: [(String, String)] = []
        pairs.reserveCapacity(node.count)
        for entry in node.entries {
          guard rule.accepts(entry.key.utf8) else {
            reading.report(.badKey(entry.key, rule))
            continue
          }
          if let value = values.read(entry.value, &reading) { pairs.append((entry.name, value)) }
        }
        return Labels(pairs)
      })
  }
}

extension Form<[Quota.Entry]> {
  /// Numbers of devices by model: `{H100: 64}`.
  static let countsByModel = Form(
    .map(keys: .labelValue, values: count.shape),
    write: { entries in
      entries.isEmpty
        ? nil : .map(entries.map { Written.Entry($0.model.text, .plain(String($0.count))) })
    },
    read: { node, reading in
      guard node.kind == .mapping, !node.isRefused else {
        reading.report(.wrongType(node, expected: "a mapping"))
        return nil
      }
      var entries: [Quota.Entry] = []
      for entry in node.entries {
        let model = Form<AcceleratorModel>.model.read(entry.key, &reading)
        let count = count.read(entry.value, &reading)
        if let model, let count { entries.append(Quota.Entry(model, count)) }
      }
      return entries.sorted { $0.model < $1.model }
    })

  private static let count = Form<Int>.integer(0...1_000_000)
}
