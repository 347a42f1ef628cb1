import Loopback

/// A large cluster, and kubelets that keep up with it: what `Hand` does by the API would take longer than
/// what is to be measured.
extension Imitation {
  /// Puts nodes there, and somebody else's pods on them, as a real server shows them.
  public func fill(nodes: Int, pods: Int, _ shape: Hand.NodeShape) {
    var node = Hand.node("", shape)
    for number in 0..<nodes {
      let name = "n\(number + 1)"
      node[["metadata", "name"]] = .string(name)
      node[["metadata", "labels", "topology.kubernetes.io/zone"]] = .string(
        "us-east-1\(["a", "b", "c"][number % 3])")
      _ = store.create(node, .nodes, Store.Key(namespace: "", name: name))
    }
    var pod = Self.foreignPod
    for number in 0..<pods where nodes > 0 {
      let name = "theirs-\(number / nodes)-\(number % nodes + 1)"
      pod[["metadata", "name"]] = .string(name)
      pod[["spec", "nodeName"]] = .string("n\(number % nodes + 1)")
      _ = store.create(pod, .pods, Store.Key(namespace: "default", name: name))
    }
    store.forget()
  }

  /// All that was bound since the last time runs, and all that was told to end is gone.
  public func runPods() {
    let changes = store.changes(after: playedUntil)
    playedUntil = store.version
    for change in changes where change.resource == .pods && change.type != "DELETED" {
      guard let name = change.object.metaName,
        let namespace = change.object[["metadata", "namespace"]]?.string
      else { continue }
      let key = Store.Key(namespace: namespace, name: name)
      guard var pod = store[.pods, key], pod[["spec", "nodeName"]] != nil else { continue }
      if pod[["metadata", "deletionTimestamp"]] != nil {
        store.delete(.pods, key)
      } else if pod[["status", "phase"]] == "Pending" {
        pod["status"] = (pod["status"] ?? [:]).merged(with: Hand.running)
        _ = store.update(pod, .pods, key)
      }
    }
    tellWatchers()
  }

  /// As large as one that was recorded, with what a kubelet says of it.
  private static var foreignPod: Tree {
    let token: Tree = [
      "name": "kube-api-access",
      "projected": [
        "defaultMode": 420,
        "sources": [
          ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
          [
            "configMap": [
              "name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]],
            ]
          ],
        ],
      ],
    ]
    let fields: Tree = [
      "f:metadata": ["f:labels": [".": [:], "f:app": [:]]],
      "f:spec": [
        "f:containers": [
          "k:{\"name\":\"main\"}": [
            ".": [:], "f:command": [:], "f:image": [:], "f:imagePullPolicy": [:],
            "f:resources": [
              ".": [:], "f:limits": [".": [:], "f:nvidia.com/gpu": [:]],
              "f:requests": [".": [:], "f:cpu": [:], "f:memory": [:], "f:nvidia.com/gpu": [:]],
            ], "f:terminationMessagePath": [:], "f:terminationMessagePolicy": [:],
          ]
        ], "f:dnsPolicy": [:], "f:enableServiceLinks": [:], "f:restartPolicy": [:],
        "f:schedulerName": [:], "f:securityContext": [:], "f:terminationGracePeriodSeconds": [:],
      ],
    ]
    let waits: [Tree] = ["not-ready", "unreachable"].map { key in
      [
        "key": .string("node.kubernetes.io/\(key)"), "operator": "Exists",
        "effect": "NoExecute", "tolerationSeconds": 300,
      ]
    }
    let conditions: [Tree] = [
      "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled",
    ].map { type in
      [
        "type": .string(type), "status": "True", "lastProbeTime": .null,
        "lastTransitionTime": "2026-11-23T18:18:34Z",
      ]
    }
    return [
      "metadata": [
        "namespace": "default", "generation": 1, "labels": ["app": "theirs"],
        "ownerReferences": [
          [
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "theirs-7d9f", "uid": "1",
            "controller": true, "blockOwnerDeletion": true,
          ]
        ],
        "managedFields": [
          [
            "manager": "kube-controller-manager", "operation": "Update", "apiVersion": "v1",
            "time": "2026-11-23T18:18:34Z", "fieldsType": "FieldsV1", "fieldsV1": fields,
          ]
        ],
      ],
      "spec": [
        "volumes": [token],
        "containers": [
          [
            "name": "main", "image": "registry.example/theirs:1", "command": ["sleep", "3600"],
            "resources": ["requests": ["cpu": "500m", "memory": "1Gi"]],
            "volumeMounts": [
              [
                "name": "kube-api-access", "readOnly": true,
                "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount",
              ]
            ], "terminationMessagePath": "/dev/termination-log",
            "terminationMessagePolicy": "File", "imagePullPolicy": "IfNotPresent",
          ]
        ], "restartPolicy": "Always", "terminationGracePeriodSeconds": 30,
        "dnsPolicy": "ClusterFirst", "serviceAccountName": "default", "securityContext": [:],
        "schedulerName": "default-scheduler", "tolerations": .array(waits), "priority": 0,
        "enableServiceLinks": true, "preemptionPolicy": "PreemptLowerPriority",
      ],
      "status": [
        "phase": "Running", "qosClass": "Burstable", "hostIP": "10.0.0.1", "podIP": "10.1.0.1",
        "startTime": "2026-11-23T18:18:34Z", "conditions": .array(conditions),
        "containerStatuses": [
          [
            "name": "main", "ready": true, "started": true, "restartCount": 0,
            "image": "registry.example/theirs:1", "imageID": "registry.example/theirs@sha256:aa",
            "containerID": "containerd://aa",
            "state": ["running": ["startedAt": "2026-11-23T18:18:34Z"]], "lastState": [:],
          ]
        ],
      ],
    ]
  }

  // MARK: What was asked

  /// As a real server tells it under `/metrics`, of requests alone.
  var metrics: String {
    requestCounts.sorted { $0.key < $1.key }.map { labels, count in
      "apiserver_request_total{\(labels)} \(count)\n"
    }.joined()
  }

  func count(_ asked: Loopback.Asked) {
    guard let target = target(asked) else { return }
    let verb =
      asked.query["watch"] != nil
      ? "WATCH" : asked.method == "GET" && target.name == nil ? "LIST" : asked.method
    let part = target.part ?? ""
    requestCounts[
      "resource=\"\(target.resource.plural)\",subresource=\"\(part)\",verb=\"\(verb)\"",
      default: 0] += 1
  }
}
