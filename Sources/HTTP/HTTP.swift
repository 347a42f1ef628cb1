import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One request to a server → the status of its answer.
public struct HTTPDoor: Sendable {
  private let client: HTTPClient

  public init() { client = HTTPClient(eventLoopGroupProvider: .singleton) }

  public func get(_ url: String) async throws -> Int {
    let answer = try await client.execute(HTTPClientRequest(url: url), timeout: .seconds(5))
    return Int(answer.status.code)
  }
}
