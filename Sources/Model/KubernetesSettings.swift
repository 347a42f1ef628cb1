/// How a Kubernetes cluster is reached, and what is to be known of it that it does not tell itself.
public struct KubernetesSettings: Hashable, Sendable {
  /// The file that says where its API server is and who we are there. Where left out: `KUBECONFIG`,
  /// the service account of the pod that Setpoint runs in, or `.kube/config` in the home directory.
  public var kubeconfig: String?
  /// The context of that file; its current one where left out.
  public var context: String?
  /// Where replicas run; it must be there.
  public var namespace: String
  /// The service account that replicas run as, with its token; none of either where left out.
  public var serviceAccount: String?
  /// Of the Service of an inference workload, which listens on 80.
  public var port: Int
  /// The extended resource that counts whole devices.
  public var acceleratorResource: String
  /// The extended resource that counts shares of devices, and how many make up one device; none is
  /// shared where left out.
  public var shareResource: String?
  public var sharesPerDevice: Int
  /// What products are called here, such as `NVIDIA-H100-80GB-HBM3` to `H100`.
  public var models: Labels
  /// Of each device, where no label of the node tells; 0 where unknown.
  public var acceleratorMemoryBytes: Int64
  /// Of each node, since Kubernetes does not count it.
  public var networkBitsPerSecond: Int64
  /// Whether a kubeconfig may name a program that fetches credentials.
  public var allowsExec: Bool
  /// Whether a kubeconfig may leave it unproven who the API server is.
  public var allowsInsecure: Bool
  /// After which a request counts as without answer.
  public var timeout: Seconds

  public init(
    kubeconfig: String? = nil, context: String? = nil, namespace: String = "setpoint",
    serviceAccount: String? = nil, port: Int = 8080,
    acceleratorResource: String = "nvidia.com/gpu", shareResource: String? = nil,
    sharesPerDevice: Int = 10, models: Labels = .none, acceleratorMemoryBytes: Int64 = 0,
    networkBitsPerSecond: Int64 = 0, allowsExec: Bool = false, allowsInsecure: Bool = false,
    timeout: Seconds = Seconds(30)
  ) {
    self.kubeconfig = kubeconfig
    self.context = context
    self.namespace = namespace
    self.serviceAccount = serviceAccount
    self.port = port
    self.acceleratorResource = acceleratorResource
    self.shareResource = shareResource
    self.sharesPerDevice = sharesPerDevice
    self.models = models
    self.acceleratorMemoryBytes = acceleratorMemoryBytes
    self.networkBitsPerSecond = networkBitsPerSecond
    self.allowsExec = allowsExec
    self.allowsInsecure = allowsInsecure
    self.timeout = timeout
  }
}
