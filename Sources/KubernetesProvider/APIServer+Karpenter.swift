import HTTP
import Model
import Planning

/// Nodes by Karpenter: a claim for each, which it makes an instance of and gives back when it is
/// deleted.
extension APIServer {
  /// Looks at a new claim, a second apart: a cloud says within moments whether it has what is wanted.
  private static var launchLooksMax: Int { 20 }

  /// Karpenter takes away the claim of what the cloud has none of. Whoever ordered it hears so,
  /// and orders something else; what takes longer to be launched is not waited for.
  func launch(_ order: NodeOrder, as pool: KarpenterPool) async throws(Failure) {
    let karpenter = try await karpenter
    let body = manifest(order.cluster).claim(
      order, of: pool, version: String(karpenter.dropFirst("/apis/".count)))
    try await post("\(karpenter)/nodeclaims", body, done: ["AlreadyExists"])
    let name = NodeClaim.name(order)
    for _ in 0..<Self.launchLooksMax {
      let answer = try await way.ask(.get, "\(karpenter)/nodeclaims/\(name)")
      if answer.status == 404 {
        let order = order.order
        throw .outOfStock(instanceType: order.instanceType, order.capacityType, zone: order.zone)
      }
      let claim: NodeClaim = try object("NodeClaim '\(name)'", answer)
      if claim.isLaunched { return }
      await surroundings.wait(.seconds(1))
    }
  }

  func end(claim name: String) async throws(Failure) {
    let answer = try await way.ask(
      .delete, "\(try await karpenter)/nodeclaims/\(Request.encoded(name))")
    guard answer.isSuccess || answer.status == 404 else {
      throw Refusal(answer).failure(mayHaveHappened: true)
    }
  }

  private var karpenter: String {
    get async throws(Failure) {
      guard let path = try await groups.path(of: .karpenter) else {
        throw .conflict("there is no Karpenter any more")
      }
      return path
    }
  }
}
