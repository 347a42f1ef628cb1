import AsyncHTTPClient
import NIOCore

/// The body of an answer while it comes in.
struct Incoming: Sendable {
  private let body: HTTPClientResponse.Body

  init(_ body: HTTPClientResponse.Body) { self.body = body }

  func whole(bytesMax: Int) async throws(Problem) -> [UInt8] {
    var whole: [UInt8] = []
    do {
      for try await piece in body {
        guard whole.count + piece.readableBytes <= bytesMax else {
          throw Problem.tooLong(bytes: bytesMax)
        }
        whole += piece.readableBytesView
      }
    } catch { throw Problem(error) }
    return whole
  }

  /// What stands after the last line's end is a line as well.
  func eachLine(
    bytesMax: Int, _ take: (ArraySlice<UInt8>) async -> Bool
  ) async throws(Problem) {
    var rest: [UInt8] = []
    do {
      for try await piece in body {
        var scanned = rest.count
        rest += piece.readableBytesView
        var start = 0
        while let end = rest[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
          guard end - start <= bytesMax else { throw Problem.tooLong(bytes: bytesMax) }
          guard await take(rest[start..<end]) else { return }
          start = end + 1
          scanned = start
        }
        rest.removeFirst(start)
        guard rest.count <= bytesMax else { throw Problem.tooLong(bytes: bytesMax) }
      }
    } catch { throw Problem(error) }
    if !rest.isEmpty { _ = await take(rest[...]) }
  }
}
