import HTTP
import JSON
import Model
import Planning

/// What a scheduler does for volumes: nobody else tells a claim that waits for its first pod where that
/// is to be.
extension APIServer {
  private static var selectedNode: String { "volume.kubernetes.io/selected-node" }

  /// A claim without a volume is told the node, so that its volume is made where that can have it;
  /// of one that has a volume, the node has to be where that is.
  func place(_ name: String, on node: KubeNode) async throws(Failure) {
    let path = "\(namespace)/persistentvolumeclaims/\(Request.encoded(name))"
    let answer = try await way.ask(.get, path)
    if answer.status == 404 {
      throw .terminal("there is no claim '\(name)' in namespace '\(settings.namespace)'")
    }
    let claim: VolumeClaim = try object("claim '\(name)'", answer)
    guard let volume = claim.volume else {
      let body =
        #"{"metadata": {"annotations": {"\#(Self.selectedNode)": "#
        + JSONWriter.quoted(node.meta.name) + "}}}"
      return try await patch(path, body)
    }
    let found = try await way.ask(
      .get, "/api/v1/persistentvolumes/\(Request.encoded(volume))")
    if found.status == 404 { throw .conflict("the volume of claim '\(name)' is gone") }
    let seen: Volume = try object("volume '\(volume)'", found)
    guard seen.reaches(node) else {
      throw .terminal(
        "the volume of claim '\(name)' can't be mounted on node '\(node.meta.name)': let its workload "
          + "run only where it can, by 'placement.nodeSelector'")
    }
  }
}
