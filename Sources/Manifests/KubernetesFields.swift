import Model
import YAML

extension Table<KubernetesSettings> {
  static let kubernetes = Table(
    "kubernetes", blank: KubernetesSettings(),
    "How a Kubernetes is reached, and what is to be known of it that it does not tell itself."
  ) {
    Field(
      "kubeconfig", \.kubeconfig, .absolutePath, example: "/etc/setpoint/kubeconfig",
      """
      The file that says where the API server is and who we are there; where left out, that of \
      KUBECONFIG, the service account of the pod that Setpoint runs in, or ~/.kube/config.
      """)
    Field(
      "context", \.context, .name(.foreign, "a context"), example: "research",
      "The context of the kubeconfig; its current one where left out.")
    Field(
      "namespace", \.namespace, .name(.foreign, "a namespace"), example: "setpoint",
      "Where replicas run; it must be there.")
    Field(
      "serviceAccount", \.serviceAccount, .name(.foreign, "a service account"), example: "training",
      "What replicas run as, with its token; the namespace's default, without a token, where left out."
    )
    Field(
      "port", \.port, .integer(1...65_535), example: "8080",
      "Where inference replicas listen; their Service listens on 80.")
    Field(
      "acceleratorResource", \.acceleratorResource, .extendedResource, example: "nvidia.com/gpu",
      "The extended resource that counts whole accelerators.")
    Field(
      "shareResource", \.shareResource, .extendedResource, example: "nvidia.com/gpu.shared",
      "The extended resource that counts shares of accelerators; none is shared where left out.")
    Field(
      "sharesPerDevice", \.sharesPerDevice, .integer(1...1000), example: "10",
      "How many of those shares make up one accelerator.")
    Field(
      "models", \.models, .labels, example: "{NVIDIA-H100-80GB-HBM3: H100}",
      "What products are called in manifests, where it is not what their name says.")
    Field(
      "acceleratorMemory", \.acceleratorMemoryBytes, .amount(.bytes).leftOut(at: 0),
      example: "80Gi",
      "The memory of each accelerator, where no label `nvidia.com/gpu.memory` of its node tells.")
    Field(
      "network", \.networkBitsPerSecond, .amount(.bandwidth).leftOut(at: 0), example: "400Gbps",
      "The bandwidth of each node, which Kubernetes does not count.")
    Field(
      "allowExec", \.allowsExec, .boolean, example: "true",
      "Whether the kubeconfig may name a program that fetches credentials.")
    Field(
      "allowInsecure", \.allowsInsecure, .boolean, example: "true",
      "Whether the kubeconfig may say `insecure-skip-tls-verify`.")
    Field(
      "timeout", \.timeout, .duration, example: "30s",
      "After which a request to the API server counts as without answer.")
  }
}

extension Form<String> {
  static let extendedResource = Form(
    TextShape(
      noun: "an extended resource", examples: ["nvidia.com/gpu"],
      pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"),
    code: .invalidName, print: { .text($0) },
    parse: { utf8 throws(TextProblem) in
      let parts = utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      let isFine = parts.allSatisfy { part in
        guard let first = part.first, let last = part.last else { return false }
        return first.isAlphanumeric && last.isAlphanumeric
          && part.allSatisfy { $0.isAlphanumeric || "-_.".utf8.contains($0) }
      }
      let isLower = parts.first?.allSatisfy { !(0x41...0x5A).contains($0) && $0 != 0x5F } ?? false
      guard parts.count == 2, isFine, isLower, utf8.count <= 253 else {
        throw .malformed(help: nil)
      }
      return String(decoding: utf8, as: UTF8.self)
    })
}
