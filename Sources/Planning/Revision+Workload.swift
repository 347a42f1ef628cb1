import Digests
public import Model

extension WorkloadSpec {
  /// The digest of those fields that a running replica can't follow: its type, image, command,
  /// environment, secrets, volumes, resources and ports.
  public var revision: Revision {
    var lines = ["type \(type.rawValue)", "image \(image)"]
    lines += command.map { "command \($0)" }
    lines += environment.pairs.map { "env \($0.key)=\($0.value)" }
    lines += secrets.map { "secret \($0.name) \($0.key) \($0.variable)" }
    lines += volumes.map { "volume \($0.claim) \($0.isReadOnly) \($0.path)" }
    let amounts = resources.amounts
    lines.append(
      "resources \(amounts.cpuMilli) \(amounts.memoryBytes) \(amounts.storageBytes)"
        + " \(amounts.networkBitsPerSecond)")
    if let accelerator = resources.accelerator {
      lines.append(
        "accelerator \(accelerator.models) \(accelerator.milliDevices)"
          + " \(accelerator.memoryBytesMin)")
    }
    if let ports = endpoint?.ports { lines.append("ports \(ports)") }
    return Revision(Digest(of: lines.map { $0.utf8.count.description + " " + $0 }.joined()).short)
  }
}
