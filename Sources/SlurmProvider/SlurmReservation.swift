import JSON

/// Nodes that are kept for some for a time.
struct SlurmReservation: Hashable, Sendable, Blank {
  var name = ""
  /// As a list of hosts, `n[1-2]`.
  var nodes = ""
  /// Seconds since 1970.
  var startTime: Int64 = 0
  var endTime: Int64 = 0
}

extension SlurmReservation {
  /// The answer of slurmrestd.
  static func list(_ json: [UInt8]) throws(JSONProblem) -> Listing<SlurmReservation> {
    try Listing(json, member: "reservations") {
      (reservation: inout SlurmReservation, name, reader) throws(JSONProblem) in
      switch name {
      case "name": reservation.name = try reader.text()
      case "node_list": reservation.nodes = try reader.text()
      case "start_time": reservation.startTime = try reader.amount()
      case "end_time": reservation.endTime = try reader.amount()
      default: break
      }
    } isUsable: {
      $0.isUsable
    }
  }

  private var isUsable: Bool { !name.isEmpty && endTime > startTime }

  /// What `scontrol --oneliner show reservation` says, with times in seconds: a line of `Name=value` for
  /// each, or a sentence where there are none.
  static func list(_ lines: String) -> Listing<SlurmReservation> {
    var listing = Listing<SlurmReservation>()
    for line in lines.split(separator: "\n") where line.hasPrefix("ReservationName=") {
      var reservation = SlurmReservation()
      for word in line.split(separator: " ") {
        guard let equals = word.firstIndex(of: "=") else { continue }
        let value = word[word.index(after: equals)...]
        switch word[..<equals] {
        case "ReservationName": reservation.name = String(value)
        case "Nodes": reservation.nodes = value == "(null)" ? "" : String(value)
        case "StartTime": reservation.startTime = Int64(value) ?? 0
        case "EndTime": reservation.endTime = Int64(value) ?? 0
        default: break
        }
      }
      if reservation.isUsable {
        listing.elements.append(reservation)
      } else {
        listing.unreadableCount += 1
      }
    }
    return listing
  }
}
