import JSON
import Model
import Planning

extension ReadSet.Fact: DocumentPart {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .room(let room):
      writer.member("fact", "room")
      writer.member("node", room.node.description)
      writer.member("amounts", room.amounts)
      writer.member("devices", room.devices)
      writer.member("labels", room.labels.pairs)
      writer.member("taints", room.taints)
    case .absent(let node):
      writer.member("fact", "absent")
      writer.member("node", node.description)
    case .lost(let node):
      writer.member("fact", "lost")
      writer.member("node", node.description)
    case .idle(let node, let besides):
      writer.member("fact", "idle")
      writer.member("node", node.description)
      writer.member("besides", besides)
    case .runs(let replica, let nodes):
      writer.member("fact", "runs")
      writer.member("replica", replica.description)
      writer.member("on", nodes.map(\.description))
    case .price(let cluster, let instanceType, let capacityType, let price):
      writer.member("fact", "price")
      writer.member("cluster", cluster.text)
      writer.member("instanceType", instanceType)
      writer.member("capacityType", capacityType.rawValue)
      writer.member("perHourMicros", price.micros)
    case .quota(let queue, let model, let milli):
      writer.member("fact", "quota")
      writer.member("queue", queue.text)
      writer.member("model", ifPresent: model?.text)
      writer.member("milliDevices", milli)
    }
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf("fact", Self.ofNodes + Self.ofOthers)
  }

  private static let ofNodes: [ObjectReader.Form<ReadSet.Fact>] = [
    .init("room") { (object) throws(DocumentProblem) in
      .room(
        ReadSet.Room(
          node: try object.node("node"), amounts: try object.part("amounts"),
          devices: try object.parts("devices"), labels: try object.labels("labels"),
          taints: try object.parts("taints")))
    },
    .init("absent") { (object) throws(DocumentProblem) in .absent(try object.node("node")) },
    .init("lost") { (object) throws(DocumentProblem) in .lost(try object.node("node")) },
    .init("idle") { (object) throws(DocumentProblem) in
      .idle(try object.node("node"), besides: try object.texts("besides"))
    },
  ]

  private static let ofOthers: [ObjectReader.Form<ReadSet.Fact>] = [
    .init("runs") { (object) throws(DocumentProblem) in
      .runs(try object.replica("replica"), on: try object.nodes("on"))
    },
    .init("price") { (object) throws(DocumentProblem) in
      .price(
        ClusterName(try object.text("cluster")), instanceType: try object.text("instanceType"),
        try object.word("capacityType"),
        perHour: Money(micros: try object.int64("perHourMicros")))
    },
    .init("quota") { (object) throws(DocumentProblem) in
      .quota(
        QueueName(try object.text("queue")),
        try object.optionalText("model").map(AcceleratorModel.init),
        milliDevices: try object.int64("milliDevices"))
    },
  ]
}

extension ReadSet.Device: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("index", index)
    writer.member("milli", milli)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(index: try object.int("index"), milli: try object.int64("milli"))
  }
}
