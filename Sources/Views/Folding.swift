import Model

/// Nodes in as few words as say them all: `research-us/h100-1 … h100-16, h100-20; research-eu/l4-1`.
struct NodeRuns {
  private struct Run {
    var cluster: ClusterName
    var first: String
    var last: String
    var prefix: String
    var end: Int?
    var count: Int
  }

  private var runs: [Run] = []

  init(_ nodes: some Sequence<NodeID>) {
    let sorted = Set(nodes).map { ($0, Numbered($0.name)) }
      .sorted { ($0.0.cluster, $0.1) < ($1.0.cluster, $1.1) }
    for (node, numbered) in sorted {
      if let last = runs.last, last.cluster == node.cluster, last.prefix == numbered.prefix,
        let end = last.end, let number = numbered.number, number == end.addingSaturated(1)
      {
        runs[runs.count - 1].last = node.name
        runs[runs.count - 1].end = number
        runs[runs.count - 1].count += 1
      } else {
        runs.append(
          Run(
            cluster: node.cluster, first: node.name, last: node.name, prefix: numbered.prefix,
            end: numbered.number, count: 1))
      }
    }
  }

  /// At most `runsMax` runs are written out; the rest is counted.
  func text(runsMax: Int = 6) -> String {
    var text = ""
    var cluster: ClusterName?
    for run in runs.prefix(runsMax) {
      let isNew = run.cluster != cluster
      text += text.isEmpty ? "" : isNew ? "; " : ", "
      text += isNew ? "\(run.cluster)/\(run.first)" : run.first
      if run.count == 2 { text += ", \(run.last)" }
      if run.count > 2 { text += " … \(run.last)" }
      cluster = run.cluster
    }
    let rest = runs.dropFirst(runsMax).reduce(0) { $0 + $1.count }
    return rest == 0 ? text : text + " and \(rest) more"
  }
}

/// A name as its stem and the number at its end, so that `h100-2` comes before `h100-10`.
struct Numbered: Comparable {
  let prefix: String
  let number: Int?

  init(_ name: String) {
    let digits = name.utf8.reversed().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
    // A number that doesn't come back as it was written, such as 007, is part of the stem.
    number = Int(name.suffix(digits)).flatMap { "\($0)".utf8.count == digits ? $0 : nil }
    prefix = number == nil ? name : String(name.dropLast(digits))
  }

  static func < (left: Numbered, right: Numbered) -> Bool {
    if left.prefix != right.prefix {
      return left.prefix.utf8.lexicographicallyPrecedes(right.prefix.utf8)
    }
    return (left.number ?? -1) < (right.number ?? -1)
  }
}

/// Numbers in runs: `0-3, 7`.
func numberRuns(_ numbers: some Sequence<Int>) -> String {
  var runs: [ClosedRange<Int>] = []
  for number in numbers.sorted() {
    if let last = runs.last, number <= last.upperBound + 1 {
      runs[runs.count - 1] = last.lowerBound...max(number, last.upperBound)
    } else {
      runs.append(number...number)
    }
  }
  return runs.map {
    $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
  }.joined(separator: ", ")
}

/// The elements that agree in `key`, groups in the order of their first elements.
func folded<Element, Key: Hashable>(_ elements: [Element], by key: (Element) -> Key)
  -> [[Element]]
{
  var order: [Key: Int] = [:]
  var groups: [[Element]] = []
  for element in elements {
    let group = key(element)
    if let index = order[group] {
      groups[index].append(element)
    } else {
      order[group] = groups.count
      groups.append([element])
    }
  }
  return groups
}
