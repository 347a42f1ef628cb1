import Digests

extension PlanContent {
  /// Over the description of every part, which is deterministic: no part holds a dictionary or a set.
  var digest: Digest {
    var lines = ["plan 1", target.id.digest.hex]
    lines += changes.map { "\($0)" }
    lines += actions.map { "\($0.id) \($0.cause) \($0.waits)" }
    lines += placements.map { "\($0)" }
    lines += nodes.map { "\($0)" }
    lines += pending.map { "\($0)" }
    lines += report.map { "\($0)" }
    lines += gates.map { "\($0)" }
    lines += readSet.facts.map { "\($0)" }
    lines.append("\(cost)")
    return Digest(of: lines.joined(separator: "\n"))
  }
}
