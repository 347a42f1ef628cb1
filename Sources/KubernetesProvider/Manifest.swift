import Digests
import JSON
import Model
import Planning

/// The objects that the API server is sent, as JSON.
struct Manifest: Sendable {
  let cluster: ClusterName
  let settings: KubernetesSettings

  static let clusterLabel = "setpoint/cluster"
  static let workloadLabel = "setpoint/workload"
  static let replicaLabel = "setpoint/replica"
  static let schedulerName = "setpoint"
  private static let rendezvousPort = 29_500

  /// Of everything that belongs to one workload. The name of a Service begins with a letter.
  func serviceName(_ workload: WorkloadName) -> String {
    let name = workload.text
    let isFine = name.utf8.first.map { $0 >= UInt8(ascii: "a") } ?? false
    guard !isFine else { return name }
    var rest = name.prefix(61)
    // Nor does it end with a hyphen, where it had to be cut.
    while rest.last == "-" { rest.removeLast() }
    return "w-\(rest)"
  }

  private var labels: [(String, String)] {
    [("app.kubernetes.io/managed-by", "setpoint"), (Self.clusterLabel, cluster.text)]
  }

  private func labels(_ workload: WorkloadName) -> [(String, String)] {
    labels + [(Self.workloadLabel, workload.text)]
  }

  // MARK: Pods

  func pod(_ new: NewPod) -> [UInt8] {
    let id = new.order.replica.id
    return object("v1", "Pod") { json in
      json.member("metadata") { json in
        json.object { json in
          json.member("name", new.order.podName)
          json.member("namespace", settings.namespace)
          json.texts("labels", labels(id.workload) + [(Self.replicaLabel, "\(id.ordinal)")])
          json.texts("annotations", [(PodOrder.annotation, new.order.text)])
        }
      }
      json.member("spec") { json in json.object { json in spec(new, &json) } }
    }
  }

  private func spec(_ new: NewPod, _ json: inout JSONWriter) {
    json.member("schedulerName", Self.schedulerName)
    switch new.order.type {
    case .inference: json.member("restartPolicy", "Always")
    // A member that fails takes its gang along, and that starts anew as a whole.
    case .training: json.member("restartPolicy", "Never")
    }
    if new.order.type == .training {
      json.member("hostname", PodOrder.hostName(new.order.replica.id))
      json.member("subdomain", serviceName(new.order.replica.id.workload))
    }
    json.member("serviceAccountName", ifPresent: settings.serviceAccount)
    json.member("automountServiceAccountToken", settings.serviceAccount != nil)
    json.member("enableServiceLinks", false)
    json.member("tolerations", objects: new.workload.placement.tolerations) { json, toleration in
      json.member("key", toleration.key)
      json.member("operator", toleration.value == nil ? "Exists" : "Equal")
      json.member("value", ifPresent: toleration.value)
    }
    volumes(new.workload, &json)
    json.member("containers") { json in
      json.array([new]) { json, new in json.object { json in container(new, &json) } }
    }
  }

  private func container(_ new: NewPod, _ json: inout JSONWriter) {
    json.member("name", "main")
    json.member("image", new.workload.image)
    if !new.workload.command.isEmpty { json.member("command", new.workload.command) }
    json.member("env", objects: variables(new)) { json, variable in
      json.member("name", variable.name)
      switch variable.value {
      case .text(let text): json.member("value", text)
      case .secret(let secret):
        json.member("valueFrom") { json in
          json.object { json in
            json.member("secretKeyRef") { json in
              json.object { json in
                json.member("name", secret.name)
                json.member("key", secret.key)
              }
            }
          }
        }
      }
    }
    mounts(new.workload, &json)
    let amounts = new.workload.resources.amounts
    let extended = new.extended.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    let counted =
      [("cpu", "\(amounts.cpuMilli)m"), ("memory", "\(amounts.memoryBytes)")]
      + (amounts.storageBytes > 0 ? [("ephemeral-storage", "\(amounts.storageBytes)")] : [])
    json.member("resources") { json in
      json.object { json in
        json.texts("requests", counted + extended)
        // A core can be shared for a while; memory can't.
        json.texts("limits", (amounts.memoryBytes > 0 ? [counted[1]] : []) + extended)
      }
    }
  }

  /// Each claim once, however often it is mounted.
  private func volumes(_ workload: WorkloadSpec, _ json: inout JSONWriter) {
    let claims = workload.claims
    guard !claims.isEmpty else { return }
    json.member("volumes", objects: claims.enumerated()) { json, claim in
      json.member("name", "claim-\(claim.offset)")
      json.member("persistentVolumeClaim") { json in
        json.object { json in json.member("claimName", claim.element) }
      }
    }
  }

  private func mounts(_ workload: WorkloadSpec, _ json: inout JSONWriter) {
    guard !workload.volumes.isEmpty else { return }
    let claims = workload.claims
    json.member("volumeMounts", objects: workload.volumes) { json, volume in
      json.member("name", "claim-\(claims.firstIndex(of: volume.claim) ?? 0)")
      json.member("mountPath", volume.path)
      if volume.isReadOnly { json.member("readOnly", true) }
    }
  }

  private struct Variable {
    var name: String
    var value: Value

    enum Value {
      case text(String)
      case secret(SecretReference)
    }
  }

  /// What a replica is told of itself, with what the workload says over it. Secrets are named, never
  /// held.
  private func variables(_ new: NewPod) -> [Variable] {
    let id = new.order.replica.id
    var own = [
      ("SETPOINT_CLUSTER", cluster.text), ("SETPOINT_WORKLOAD", id.workload.text),
      ("SETPOINT_ORDINAL", "\(id.ordinal)"), ("SETPOINT_REPLICAS", "\(new.replicaCount)"),
    ]
    if let first = new.gang.first {
      let service = serviceName(id.workload)
      let hosts = new.gang.map { "\(PodOrder.hostName($0.id)).\(service)" }
      own += [
        ("SETPOINT_HOSTS", hosts.joined(separator: ",")), ("RANK", "\(id.ordinal)"),
        ("NODE_RANK", "\(id.ordinal)"), ("WORLD_SIZE", "\(new.gang.count)"),
        ("MASTER_ADDR", "\(PodOrder.hostName(first.id)).\(service)"),
        ("MASTER_PORT", "\(Self.rendezvousPort)"),
      ]
    } else {
      own.append(("PORT", "\(settings.port)"))
    }
    let texts = Labels(own).merging(new.workload.environment)
    let secrets = new.workload.secrets
    return texts.pairs.filter { pair in !secrets.contains { $0.variable == pair.key } }
      .map { Variable(name: $0.key, value: .text($0.value)) }
      + secrets.map { Variable(name: $0.variable, value: .secret($0)) }
  }

  func binding(_ pod: PodName, to node: String) -> [UInt8] {
    object("v1", "Binding") { json in
      json.member("metadata") { json in
        json.object { json in
          json.member("name", pod.name)
          json.member("namespace", settings.namespace)
          // Where another one has taken its name since, that one is not meant.
          json.member("uid", ifPresent: pod.uid)
        }
      }
      json.member("target") { json in
        json.object { json in
          json.member("apiVersion", "v1")
          json.member("kind", "Node")
          json.member("name", node)
        }
      }
    }
  }

  func eviction(_ pod: PodName) -> [UInt8] {
    object("policy/v1", "Eviction") { json in
      json.member("metadata") { json in
        json.object { json in
          json.member("name", pod.name)
          json.member("namespace", settings.namespace)
        }
      }
      json.member("deleteOptions") { json in
        json.object { json in json.preconditions(pod) }
      }
    }
  }

  func deletion(_ pod: PodName, isAtOnce: Bool) -> [UInt8] {
    object("v1", "DeleteOptions") { json in
      if isAtOnce { json.member("gracePeriodSeconds", 0) }
      json.preconditions(pod)
    }
  }

  // MARK: Nodes

  /// `version` is that of Karpenter's group.
  func claim(_ order: NodeOrder, of pool: KarpenterPool, version: String) -> [UInt8] {
    object(version, "NodeClaim") { json in
      json.member("metadata") { json in
        json.object { json in
          json.member("name", NodeClaim.name(order))
          json.texts("labels", pool.labels, and: labels)
          json.texts("annotations", pool.annotations, and: [(NodeOrder.annotation, order.text)])
        }
      }
      json.member("spec") { $0.tree(pool.spec(for: order.order)) }
    }
  }

  // MARK: What a workload is reached by

  func service(_ offer: Offer) -> [UInt8] {
    object("v1", "Service") { json in
      metadata(serviceName(offer.workload), offer.workload, &json)
      json.member("spec") { json in
        json.object { json in
          json.texts("selector", selector(offer.workload))
          switch offer.type {
          case .training:
            json.member("clusterIP", "None")
            // Members look for one another while they come up.
            json.member("publishNotReadyAddresses", true)
          case .inference:
            json.member("ports", objects: [80]) { json, port in
              json.member("name", "http")
              json.member("port", port)
              json.member("targetPort", settings.port)
              json.member("protocol", "TCP")
            }
          }
        }
      }
    }
  }

  func budget(_ offer: Offer) -> [UInt8] {
    object("policy/v1", "PodDisruptionBudget") { json in
      metadata(serviceName(offer.workload), offer.workload, &json)
      json.member("spec") { json in
        json.object { json in
          json.member("minAvailable", offer.availableMin)
          json.member("selector") { json in
            json.object { json in json.texts("matchLabels", selector(offer.workload)) }
          }
        }
      }
    }
  }

  private func selector(_ workload: WorkloadName) -> [(String, String)] {
    [(Self.clusterLabel, cluster.text), (Self.workloadLabel, workload.text)]
  }

  private func metadata(_ name: String, _ workload: WorkloadName, _ json: inout JSONWriter) {
    json.member("metadata") { json in
      json.object { json in
        json.member("name", name)
        json.member("namespace", settings.namespace)
        json.texts("labels", labels(workload))
      }
    }
  }

  // MARK: Memory

  func memory(
    _ order: PodOrder, stopKey: IdempotencyKey, _ pod: PodName, at now: Timestamp
  ) -> (name: String, body: [UInt8]) {
    let mark = Digest(of: "\(order.text)\n\(stopKey)").hex.prefix(16)
    let name = "\(order.podName).\(mark)"
    let body = object("v1", "Event") { json in
      json.member("metadata") { json in
        json.object { json in
          json.member("name", name)
          json.member("namespace", settings.namespace)
          json.texts("labels", labels(order.replica.id.workload))
          json.texts(
            "annotations",
            [(PodOrder.annotation, order.text), (Memory.stopKeyAnnotation, stopKey.text)])
        }
      }
      json.member("involvedObject") { json in
        json.object { json in
          json.member("apiVersion", "v1")
          json.member("kind", "Pod")
          json.member("namespace", settings.namespace)
          json.member("name", pod.name)
          json.member("uid", ifPresent: pod.uid)
        }
      }
      json.member("type", "Normal")
      json.member("reason", "Stopping")
      json.member("message", "\(order.replica.id) is asked to end by Setpoint")
      json.member("firstTimestamp", now.description)
      json.member("lastTimestamp", now.description)
      json.member("count", 1)
      json.member("source") { json in
        json.object { json in json.member("component", "setpoint") }
      }
    }
    return (name, body)
  }

  private func object(
    _ version: String, _ kind: String, _ members: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("apiVersion", version)
      json.member("kind", kind)
      members(&json)
    }
    return json.bytes
  }
}

extension JSONWriter {
  mutating func texts(_ name: String, _ pairs: [(String, String)]) {
    member(name) { json in
      json.object { json in for (key, value) in pairs { json.member(key, value) } }
    }
  }

  /// Of a name that is in both, ours.
  fileprivate mutating func texts(
    _ name: String, _ theirs: [(String, String)], and ours: [(String, String)]
  ) {
    texts(name, theirs.filter { their in !ours.contains { $0.0 == their.0 } } + ours)
  }

  fileprivate mutating func preconditions(_ pod: PodName) {
    guard let uid = pod.uid else { return }
    member("preconditions") { json in json.object { json in json.member("uid", uid) } }
  }
}
