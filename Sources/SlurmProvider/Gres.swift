/// One generic resource as Slurm writes it: `gpu:a100:8`, `gpu:a100:2(IDX:0-1)`, `shard:80`.
struct Gres: Hashable, Sendable {
  /// `gpu`, `shard`.
  var name: String
  /// `a100`; empty where Slurm tells none.
  var type: String
  var count: Int64
  /// The devices that it stands for, ascending; empty where Slurm does not say.
  var indices: [Int] = []

  /// A list with commas between; what has another form is left out.
  static func list(_ text: String) -> [Gres] {
    var items: [Substring] = []
    var depth = 0
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "(": depth += 1
      case ")": depth -= 1
      case "," where depth == 0:
        items.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    items.append(text[start...])
    return items.compactMap(Gres.init)
  }

  private init?(_ text: Substring) {
    let head = text.prefix { $0 != "(" }
    let parts = head.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, let last = parts.last, let count = Int64(last),
      count >= 0
    else { return nil }
    name = String(parts[0])
    type = parts.count == 3 ? String(parts[1]) : ""
    self.count = count
    if let mark = text.firstRange(of: "(IDX:") {
      indices = Self.indices(text[mark.upperBound...].prefix { $0 != ")" })
    }
  }

  private static let indexMax = 1023

  /// Of `0-1,5`.
  private static func indices(_ text: Substring) -> [Int] {
    text.split(separator: ",").flatMap { range -> [Int] in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last <= indexMax else {
        return []
      }
      return Array(first...last)
    }
  }
}

/// Slurm's lists of hosts: `n[1-3,7],c1`.
enum HostList {
  /// More than any cluster has; a list that comes to more is cut off there.
  static let hostsMax = 65_536

  static func expand(_ text: String) -> [String] {
    var hosts: [String] = []
    for item in items(text) where hosts.count < hostsMax {
      guard let open = item.firstIndex(of: "["), let close = item.firstIndex(of: "]"),
        open < close
      else {
        hosts.append(String(item))
        continue
      }
      let suffix = item[item.index(after: close)...]
      for range in item[item.index(after: open)..<close].split(separator: ",") {
        let ends = range.split(separator: "-")
        guard let first = ends.first.flatMap({ Int($0) }),
          let last = ends.last.flatMap({ Int($0) }),
          first <= last, last - first < hostsMax
        else { continue }
        for number in first...last where hosts.count < hostsMax {
          let digits = String(number)
          let zeros = String(repeating: "0", count: max(0, ends[0].count - digits.count))
          hosts.append("\(item[..<open])\(zeros)\(digits)\(suffix)")
        }
      }
    }
    return hosts
  }

  private static func items(_ text: String) -> [Substring] {
    var items: [Substring] = []
    var isInside = false
    var start = text.startIndex
    for index in text.indices {
      switch text[index] {
      case "[": isInside = true
      case "]": isInside = false
      case "," where !isInside:
        items.append(text[start..<index])
        start = text.index(after: index)
      default: break
      }
    }
    items.append(text[start...])
    return items.filter { !$0.isEmpty }
  }
}
