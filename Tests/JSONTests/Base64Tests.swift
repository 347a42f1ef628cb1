import Foundation
import JSON
import Testing

@Suite struct Base64Tests {
  @Test(arguments: 0..<64)
  func isReadBack(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ count &* 7) }
    let encoded = Data(bytes).base64EncodedString()
    #expect(Base64.standard.decoded(encoded.utf8) == bytes)
    let bare = encoded.filter { $0 != "=" }
    #expect(Base64.standard.decoded(bare.utf8) == bytes)
    let url = bare.replacing("+", with: "-").replacing("/", with: "_")
    #expect(Base64.url.decoded(url.utf8) == bytes)
  }

  @Test func whiteSpaceIsPassedOver() {
    #expect(Base64.standard.decoded(" YW\nJj ".utf8) == Array("abc".utf8))
  }

  @Test(
    arguments: ["A", "AAAAA", "A===", "AA=", "AA===", "AAA==", "AAAA=", "AA=A", "AA!=", "%%%%"])
  func whatIsNoneIsRefused(_ text: String) {
    #expect(Base64.standard.decoded(text.utf8) == nil)
    #expect(Base64.url.decoded(text.utf8) == nil)
  }

  @Test func eachHasItsOwnAlphabet() {
    #expect(Base64.standard.decoded("+/+/".utf8) != nil)
    #expect(Base64.url.decoded("+/+/".utf8) == nil)
    #expect(Base64.url.decoded("-_-_".utf8) != nil)
    #expect(Base64.standard.decoded("-_-_".utf8) == nil)
  }
}
