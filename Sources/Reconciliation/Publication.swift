import Balancing
import Model
import Planning

/// Where requests in one cluster go, as its balancer was told or is to be.
struct Publication {
  /// Whether what was seen or decided since may make it another.
  var isOutdated = true
  var wanted: EndpointTable?
  /// Under way.
  var sent: EndpointTable?
  var published: EndpointTable?
  /// Those that are about to stop, since when.
  var leaving: [Standing: Timestamp] = [:]
  /// Since when they have got no new requests.
  var drainedSince: [Standing: Timestamp] = [:]
  /// What measured loads make of the parts of replicas, in per cent.
  var factors: [Standing: Int] = [:]
  /// Those that are stopped without.
  var undrained: Set<Standing> = []
  /// Tries that failed in a row.
  var failures = 0
  var notBefore: Timestamp?

  var isDue: Bool { wanted != nil && wanted != published && sent == nil }

  /// Whether nothing more is to be waited for: a balancer that can't be told holds up no run.
  var isSettled: Bool { sent == nil && (!isDue || failures > 0) }

  var nextDue: Timestamp? { isDue ? notBefore : nil }

  /// These are about to stop by now, and no others.
  mutating func keep(_ standings: [Standing], at now: Timestamp) {
    leaving = Dictionary(standings.map { ($0, leaving[$0] ?? now) }) { first, _ in first }
    drainedSince = drainedSince.filter { leaving[$0.key] != nil }
    undrained = undrained.filter { leaving[$0] != nil }
  }

  /// Whether it turns out that this one gets no new requests any more.
  mutating func noteDrained(_ standing: Standing, at now: Timestamp) -> Bool {
    guard drainedSince[standing] == nil, sent == nil, published?[standing]?.state == .drain else {
      return false
    }
    drainedSince[standing] = now
    return true
  }
}
