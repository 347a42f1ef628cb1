import HTTP
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Testing

@Test func nobodyAnswersOnAClosedPort() async {
  await #expect(throws: (any Error).self) { try await HTTPDoor().get("http://127.0.0.1:9/") }
}
