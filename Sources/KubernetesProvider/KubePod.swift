import JSON
import Model

/// A pod as the API server shows it.
struct KubePod: Hashable, Sendable, KubeObject {
  var meta = Meta() {
    didSet { order = meta.annotations[PodOrder.annotation].flatMap(PodOrder.init(text:)) }
  }
  /// What its annotation says, where it is ours.
  private(set) var order: PodOrder?
  /// nil before it is bound.
  var node: String?
  /// Who is to bind it; nil for one that is bound, or may not be yet.
  var scheduler: String?
  /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
  var phase = ""
  /// Why the whole pod failed: `Evicted`, `NodeLost`, `OutOfcpu`.
  var reason = ""
  var isReady = false
  var requests = Amounts()
  var startedAt: Int64?
  var endedAt: Int64?
  var restarts: Int64 = 0
  /// What a container waits for: `CrashLoopBackOff`, `ImagePullBackOff`.
  var waitsFor = ""

  static let path = "/api/v1/pods"
  var isUsable: Bool { !meta.name.isEmpty && !meta.namespace.isEmpty }

  init() {}

  var hasEnded: Bool { phase == "Succeeded" || phase == "Failed" }

  /// Whether it takes room on its node.
  var holdsRoom: Bool { node != nil && !hasEnded }

  mutating func read(_ member: String, _ reader: inout JSONReader) throws(JSONProblem) {
    switch member {
    case "metadata":
      meta = try reader.meta()
      // There are many of them, and nobody asks.
      meta.labels = [:]
    case "spec": try readSpec(&reader)
    case "status": try readStatus(&reader)
    default: break
    }
  }

  /// What a pod asks for is what its containers ask for together, or more where one that runs before
  /// them does; those that run before and stay count with the containers.
  private mutating func readSpec(_ reader: inout JSONReader) throws(JSONProblem) {
    var together = Amounts()
    var before = Amounts()
    var overhead = Amounts()
    var ofPod: Amounts?
    var isGated = false
    scheduler = "default-scheduler"
    try reader.members { (name, reader) throws(JSONProblem) in
      switch name {
      case "nodeName":
        let name = try reader.text()
        node = name.isEmpty ? nil : name
      case "schedulerName": scheduler = try reader.text()
      case "schedulingGates":
        try reader.elements { (reader) throws(JSONProblem) in
          try reader.skip()
          isGated = true
        }
      case "containers":
        for container in try reader.containers() { together.add(container.requests) }
      case "initContainers":
        var staying = Amounts()
        for container in try reader.containers() {
          if container.stays {
            staying.add(container.requests)
          } else {
            var atOnce = container.requests
            atOnce.add(staying)
            before = before.most(of: atOnce)
          }
        }
        together.add(staying)
      case "overhead": overhead = try reader.amounts()
      case "resources":
        try reader.members { (name, reader) throws(JSONProblem) in
          if name == "requests" { ofPod = try reader.amounts() }
        }
      default: break
      }
    }
    if node != nil || isGated { scheduler = nil }
    requests = together.most(of: before)
    if let ofPod { requests = requests.most(of: ofPod) }
    requests.add(overhead)
  }

  private mutating func readStatus(_ reader: inout JSONReader) throws(JSONProblem) {
    try reader.members { (name, reader) throws(JSONProblem) in
      switch name {
      case "phase": phase = try reader.text()
      case "reason": reason = try reader.text()
      case "startTime": startedAt = try reader.moment()
      case "conditions": isReady = try reader.readiness("Ready").status == "True"
      case "containerStatuses":
        try reader.elements { (reader) throws(JSONProblem) in try readContainer(&reader) }
      default: break
      }
    }
  }

  private mutating func readContainer(_ reader: inout JSONReader) throws(JSONProblem) {
    try reader.members { (name, reader) throws(JSONProblem) in
      switch name {
      case "restartCount": restarts += try reader.amount()
      case "state":
        try reader.members { (state, reader) throws(JSONProblem) in
          try reader.members { (name, reader) throws(JSONProblem) in
            switch (state, name) {
            case ("waiting", "reason"): waitsFor = try reader.text()
            case ("terminated", "finishedAt"):
              endedAt = [endedAt, try reader.moment()].compactMap { $0 }.max()
            default: break
            }
          }
        }
      default: break
      }
    }
  }
}

private struct Container {
  var requests = Amounts()
  /// Whether one that runs before the others goes on beside them.
  var stays = false
}

extension JSONReader {
  fileprivate mutating func containers() throws(JSONProblem) -> [Container] {
    var containers: [Container] = []
    try elements { (reader) throws(JSONProblem) in
      var container = Container()
      try reader.members { (name, reader) throws(JSONProblem) in
        switch name {
        case "restartPolicy": container.stays = try reader.text() == "Always"
        case "resources":
          try reader.members { (name, reader) throws(JSONProblem) in
            if name == "requests" { container.requests = try reader.amounts() }
          }
        default: break
        }
      }
      containers.append(container)
    }
    return containers
  }
}
