/// Objects as an API server shows them, with what it writes where nobody said anything.
enum ImportObjects {
  /// By the path of the list that each is posted to.
  static let all: [(path: String, object: String)] = [
    (deployments, chat), (deployments, sparse), (deployments, owned), (statefulSets, store),
    (jobs, finetune), (jobs, shards), (jobs, nightly),
  ]

  static let deployments = "/apis/apps/v1/namespaces/ml/deployments"
  static let statefulSets = "/apis/apps/v1/namespaces/ml/statefulsets"
  static let jobs = "/apis/batch/v1/namespaces/ml/jobs"

  /// Everything that a workload can say, beside what it can't.
  static let chat = #"""
    {"metadata": {"name": "chat", "namespace": "ml",
      "labels": {"app": "chat", "tier": "prod", "app.kubernetes.io/managed-by": "Helm"},
      "annotations": {"deployment.kubernetes.io/revision": "3", "team": "language"}},
     "spec": {"replicas": 3, "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
      "minReadySeconds": 15,
      "selector": {"matchLabels": {"app": "chat"}},
      "strategy": {"type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": "50%", "maxUnavailable": 0}},
      "template": {
       "metadata": {"creationTimestamp": null, "labels": {"app": "chat", "role": "server"},
        "annotations": {"prometheus.io/scrape": "true"}},
       "spec": {
        "restartPolicy": "Always", "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler", "terminationGracePeriodSeconds": 60,
        "securityContext": {}, "serviceAccountName": "chat", "serviceAccount": "chat",
        "priorityClassName": "high", "nodeSelector": {"fabric": "ib"},
        "imagePullSecrets": [{"name": "registry"}],
        "tolerations": [
         {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"},
         {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoExecute"},
         {"key": "team", "value": "language"}, {"operator": "Exists"}],
        "affinity": {
         "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
          "nodeSelectorTerms": [{"matchExpressions": [
           {"key": "node.kubernetes.io/instance-type", "operator": "In",
            "values": ["p5.48xlarge"]}]}]}},
         "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
          {"labelSelector": {"matchLabels": {"app": "chat"}},
           "topologyKey": "kubernetes.io/hostname"},
          {"labelSelector": {"matchLabels": {"app": "other"}},
           "topologyKey": "kubernetes.io/hostname"}]}},
        "topologySpreadConstraints": [
         {"maxSkew": 2, "topologyKey": "topology.kubernetes.io/zone",
          "whenUnsatisfiable": "DoNotSchedule",
          "labelSelector": {"matchLabels": {"app": "chat"}}},
         {"maxSkew": 1, "topologyKey": "kubernetes.io/hostname",
          "whenUnsatisfiable": "ScheduleAnyway",
          "labelSelector": {"matchLabels": {"app": "chat"}}}],
        "volumes": [{"name": "cache", "emptyDir": {}},
         {"name": "weights", "persistentVolumeClaim": {"claimName": "weights"}},
         {"name": "spare", "persistentVolumeClaim": {"claimName": "spare"}}],
        "initContainers": [{"name": "fetch", "image": "registry.example/fetch:1"}],
        "containers": [
         {"name": "server", "image": "registry.example/chat:2.0.1",
          "command": ["serve"], "args": ["--model", "a \"large\" one", ""],
          "env": [
           {"name": "MODEL", "value": "llama"}, {"name": "MODEL", "value": "mixtral"},
           {"name": "URL", "value": "http://$(HOST):80"}, {"name": "EMPTY"},
           {"name": "HF_TOKEN",
            "valueFrom": {"secretKeyRef": {"name": "hub", "key": "token"}}},
           {"name": "EXTRA",
            "valueFrom": {"secretKeyRef": {"name": "extra", "key": "a", "optional": true}}},
           {"name": "HOST", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}},
           {"name": "my.option", "value": "1"}],
          "envFrom": [{"configMapRef": {"name": "settings"}}],
          "ports": [{"containerPort": 8000, "protocol": "TCP"}],
          "resources": {
           "requests": {"cpu": "3500m", "memory": "24Gi", "nvidia.com/gpu": "2"},
           "limits": {"cpu": "8", "memory": "32Gi", "ephemeral-storage": "100Gi",
            "nvidia.com/gpu": "2", "rdma/hca": "1"}},
          "volumeMounts": [{"name": "cache", "mountPath": "/cache"},
           {"name": "weights", "mountPath": "/weights", "readOnly": true},
           {"name": "weights", "mountPath": "/one", "subPath": "one"}],
          "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8000}},
          "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
          "imagePullPolicy": "IfNotPresent"},
         {"name": "proxy", "image": "registry.example/proxy:1"}]}}},
     "status": {"replicas": 3, "conditions": [{"type": "Available", "status": "True"}]}}
    """#

  /// No more than there has to be.
  static let sparse = #"""
    {"metadata": {"name": "web.v2", "namespace": "ml"},
     "spec": {"selector": {"matchLabels": {"app": "web"}}, "strategy": {"type": "Recreate"},
      "template": {"metadata": {"labels": {"app": "web"}},
       "spec": {"containers": [{"name": "web", "image": "nginx", "args": ["-g", "daemon off;"],
        "ports": [{"containerPort": 8080}], "imagePullPolicy": "Always"}]}}}}
    """#

  static let owned = #"""
    {"metadata": {"name": "made", "namespace": "ml", "ownerReferences": [
      {"apiVersion": "example.com/v1", "kind": "Model", "name": "mixtral", "uid": "1",
       "controller": true}]},
     "spec": {"selector": {"matchLabels": {"app": "made"}},
      "template": {"metadata": {"labels": {"app": "made"}},
       "spec": {"containers": [{"name": "main", "image": "a:1"}]}}}}
    """#

  /// Of a name that a Deployment has already.
  static let store = #"""
    {"metadata": {"name": "chat", "namespace": "ml"},
     "spec": {"replicas": 2, "serviceName": "chat", "podManagementPolicy": "OrderedReady",
      "revisionHistoryLimit": 10,
      "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
      "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
      "selector": {"matchLabels": {"app": "store"}},
      "volumeClaimTemplates": [{"metadata": {"name": "data"}}],
      "template": {"metadata": {"labels": {"app": "store"}},
       "spec": {"containers": [{"name": "main", "image": "registry.example/store:1",
        "resources": {"limits": {"cpu": 1, "memory": "2Gi"}},
        "imagePullPolicy": "IfNotPresent"}]}}}}
    """#

  static let finetune = #"""
    {"metadata": {"name": "finetune", "namespace": "ml",
      "labels": {"kueue.x-k8s.io/queue-name": "nlp"}},
     "spec": {"parallelism": 4, "completions": 4, "completionMode": "Indexed", "backoffLimit": 0,
      "suspend": false, "podReplacementPolicy": "TerminatingOrFailed",
      "activeDeadlineSeconds": 86400,
      "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "1"}},
      "template": {"metadata": {"creationTimestamp": null, "labels": {
        "batch.kubernetes.io/controller-uid": "1", "batch.kubernetes.io/job-name": "finetune",
        "controller-uid": "1", "job-name": "finetune"}},
       "spec": {"restartPolicy": "Never", "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler", "terminationGracePeriodSeconds": 30,
        "securityContext": {},
        "containers": [{"name": "main", "image": "registry.example/finetune@sha256:aa",
         "command": ["torchrun", "train.py"],
         "resources": {"limits": {"nvidia.com/gpu": "4"}},
         "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
         "imagePullPolicy": "IfNotPresent"}]}}}}
    """#

  static let shards = #"""
    {"metadata": {"name": "shards", "namespace": "ml"},
     "spec": {"parallelism": 2, "completions": 10, "backoffLimit": 6,
      "template": {"metadata": {}, "spec": {"restartPolicy": "OnFailure",
       "containers": [{"name": "main", "image": "registry.example/shards:latest",
        "imagePullPolicy": "Always"}]}}}}
    """#

  static let nightly = #"""
    {"metadata": {"name": "nightly", "namespace": "ml"},
     "spec": {"template": {"spec": {"containers": [{"name": "main", "image": "a:1"}]}}},
     "status": {"conditions": [{"type": "Complete", "status": "True"}]}}
    """#
}
