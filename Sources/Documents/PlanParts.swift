public import JSON
public import Model
public import Planning
public import Scheduling

// What is public here, reviews write too, with words beside the facts.

extension ObjectChange: DocumentPart {
  func write(to writer: inout JSONWriter) {
    writer.member("object", object.description)
    writer.member("action", action.rawValue)
    writer.member("fields", fields)
    if wasProtected { writer.member("wasProtected", true) }
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      object: try object.object("object"), action: try object.word("action"),
      fields: try object.parts("fields"),
      wasProtected: try object.optionalBool("wasProtected") ?? false)
  }
}

extension FieldChange: DocumentPart {
  public func write(to writer: inout JSONWriter) {
    writer.member("path", path)
    writer.member("before", ifPresent: before)
    writer.member("after", ifPresent: after)
    writer.member("effect", effect.rawValue)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      path: try object.text("path"), before: try object.optionalText("before"),
      after: try object.optionalText("after"), effect: try object.word("effect"))
  }
}

extension NodeChange: DocumentPart {
  public func write(to writer: inout JSONWriter) {
    writer.member("node", node.description)
    writer.member("action", kind.rawValue)
    writer.member("pool", ifPresent: pool?.text)
    writer.member("instanceType", instanceType)
    writer.member("zone", zone)
    writer.member("capacityType", capacityType.rawValue)
    writer.member("pricePerHourMicros", ifPresent: pricePerHour?.micros)
    writer.member("accelerators", ifPresent: accelerators)
    writer.member("cause", cause)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      node: try object.node("node"), kind: try object.word("action"),
      pool: try object.optionalText("pool").map(PoolName.init),
      instanceType: try object.text("instanceType"), zone: try object.text("zone"),
      capacityType: try object.word("capacityType"),
      pricePerHour: try object.optionalInt64("pricePerHourMicros").map(Money.init(micros:)),
      accelerators: try object.optionalPart("accelerators"), cause: try object.part("cause"))
  }
}

extension PlacementChange: DocumentPart {
  public func write(to writer: inout JSONWriter) {
    writer.member("replica", replica.description)
    writer.member("action", kind.rawValue)
    writer.member("from", ifPresent: from?.description)
    writer.member("to", ifPresent: to?.description)
    writer.member("devices", devices)
    writer.member("lossMilliDeviceSeconds", lossMilliDeviceSeconds)
    writer.member("cause", cause)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      replica: try object.replica("replica"), kind: try object.word("action"),
      from: try object.optionalNode("from"), to: try object.optionalNode("to"),
      devices: try object.ints("devices"), cause: try object.part("cause"),
      lossMilliDeviceSeconds: try object.int64("lossMilliDeviceSeconds"))
  }
}

extension CostChange: DocumentPart {
  public func write(to writer: inout JSONWriter) {
    writer.member("beforePerHourMicros", beforePerHour.micros)
    writer.member("afterPerHourMicros", afterPerHour.micros)
    writer.member("unpriced", unpriced.map(\.description))
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      beforePerHour: Money(micros: try object.int64("beforePerHourMicros")),
      afterPerHour: Money(micros: try object.int64("afterPerHourMicros")),
      unpriced: try object.nodes("unpriced"))
  }
}

extension PendingReplicas: DocumentPart {
  public func write(to writer: inout JSONWriter) {
    writer.member("workload", workload.text)
    writer.member("ordinals", ordinals)
    writer.member("reasons", reasons)
    writer.member("remedy", ifPresent: remedy)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      workload: WorkloadName(try object.text("workload")), ordinals: try object.ints("ordinals"),
      reasons: try object.parts("reasons"), remedy: try object.optionalPart("remedy"))
  }
}

extension ReasonCount: DocumentPart {
  public func write(to writer: inout JSONWriter) {
    writer.member("reason", reason.rawValue)
    writer.member("nodes", nodes)
    writer.member("offers", offers)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self.init(
      try object.word("reason"), nodes: try object.int("nodes"), offers: try object.int("offers"))
  }
}

extension Remedy: DocumentPart {
  func write(to writer: inout JSONWriter) {
    switch self {
    case .raisePoolMaximum(let pool, let to):
      write("raisePoolMaximum", "pool", pool.text, Int64(to), to: &writer)
    case .raisePoolCost(let pool, let to):
      write("raisePoolCost", "pool", pool.text, to.micros, to: &writer)
    case .raiseClusterNodes(let cluster, let to):
      write("raiseClusterNodes", "cluster", cluster.text, Int64(to), to: &writer)
    case .raiseClusterAccelerators(let cluster, let to):
      write("raiseClusterAccelerators", "cluster", cluster.text, Int64(to), to: &writer)
    case .raiseClusterCost(let cluster, let to):
      write("raiseClusterCost", "cluster", cluster.text, to.micros, to: &writer)
    case .raiseQueueQuota(let queue, let to):
      write("raiseQueueQuota", "queue", queue.text, Int64(to), to: &writer)
    case .raisePriority(let to): write("raisePriority", Int64(to), to: &writer)
    case .lowerReplicas(let to): write("lowerReplicas", Int64(to), to: &writer)
    case .lowerAcceleratorCount(let to): write("lowerAcceleratorCount", to, to: &writer)
    case .lowerCPU(let to): write("lowerCPU", to, to: &writer)
    case .lowerMemory(let to): write("lowerMemory", to, to: &writer)
    case .dropSpread: writer.member("change", "dropSpread")
    case .dropPack: writer.member("change", "dropPack")
    case .dropAffinity: writer.member("change", "dropAffinity")
    case .dropAntiAffinity: writer.member("change", "dropAntiAffinity")
    case .dropNodeSelector(let key):
      writer.member("change", "dropNodeSelector")
      writer.member("key", key)
    case .tolerate(let taint):
      writer.member("change", "tolerate")
      writer.member("taint", taint)
    case .allowCluster(let cluster):
      writer.member("change", "allowCluster")
      writer.member("cluster", cluster.text)
    case .joinQueue(let queue):
      writer.member("change", "joinQueue")
      writer.member("queue", queue.text)
    }
  }

  private func write(
    _ word: String, _ key: String, _ name: String, _ to: Int64, to writer: inout JSONWriter
  ) {
    writer.member("change", word)
    writer.member(key, name)
    writer.member("to", to)
  }

  private func write(_ word: String, _ to: Int64, to writer: inout JSONWriter) {
    writer.member("change", word)
    writer.member("to", to)
  }

  init(from object: ObjectReader) throws(DocumentProblem) {
    self = try object.oneOf("change", Self.ofNamedThings + Self.ofTheWorkload)
  }

  private static let ofNamedThings: [ObjectReader.Form<Remedy>] = [
    .init("raisePoolMaximum") { (object) throws(DocumentProblem) in
      .raisePoolMaximum(PoolName(try object.text("pool")), to: try object.int("to"))
    },
    .init("raisePoolCost") { (object) throws(DocumentProblem) in
      .raisePoolCost(
        PoolName(try object.text("pool")), toPerHour: Money(micros: try object.int64("to")))
    },
    .init("raiseClusterNodes") { (object) throws(DocumentProblem) in
      .raiseClusterNodes(ClusterName(try object.text("cluster")), to: try object.int("to"))
    },
    .init("raiseClusterAccelerators") { (object) throws(DocumentProblem) in
      .raiseClusterAccelerators(
        ClusterName(try object.text("cluster")), to: try object.int("to"))
    },
    .init("raiseClusterCost") { (object) throws(DocumentProblem) in
      .raiseClusterCost(
        ClusterName(try object.text("cluster")),
        toPerHour: Money(micros: try object.int64("to")))
    },
    .init("raiseQueueQuota") { (object) throws(DocumentProblem) in
      .raiseQueueQuota(
        QueueName(try object.text("queue")), acceleratorsTo: try object.int("to"))
    },
    .init("allowCluster") { (object) throws(DocumentProblem) in
      .allowCluster(ClusterName(try object.text("cluster")))
    },
    .init("joinQueue") { (object) throws(DocumentProblem) in
      .joinQueue(QueueName(try object.text("queue")))
    },
  ]

  private static let ofTheWorkload: [ObjectReader.Form<Remedy>] = [
    .init("raisePriority") { (object) throws(DocumentProblem) in
      .raisePriority(to: try object.int("to"))
    },
    .init("lowerReplicas") { (object) throws(DocumentProblem) in
      .lowerReplicas(to: try object.int("to"))
    },
    .init("lowerAcceleratorCount") { (object) throws(DocumentProblem) in
      .lowerAcceleratorCount(milliDevicesTo: try object.int64("to"))
    },
    .init("lowerCPU") { (object) throws(DocumentProblem) in
      .lowerCPU(milliTo: try object.int64("to"))
    },
    .init("lowerMemory") { (object) throws(DocumentProblem) in
      .lowerMemory(bytesTo: try object.int64("to"))
    },
    .init("dropSpread") { _ in .dropSpread }, .init("dropPack") { _ in .dropPack },
    .init("dropAffinity") { _ in .dropAffinity },
    .init("dropAntiAffinity") { _ in .dropAntiAffinity },
    .init("dropNodeSelector") { (object) throws(DocumentProblem) in
      .dropNodeSelector(key: try object.text("key"))
    },
    .init("tolerate") { (object) throws(DocumentProblem) in
      .tolerate(try object.part("taint"))
    },
  ]
}
