import Foundation
import HTTP
import Testing

/// Tokens and certificates in files of their own.
@Suite struct SmallFileTests {
  private func reason(_ path: String) -> String {
    do throws(Unreadable) {
      return "\(try SmallFile.read(path, bytesMax: 1 << 16).count) bytes"
    } catch { return error.reason }
  }

  @Test func aFileIsReadAsAWhole() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "small.\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    for count in [0, 1, 1 << 14, 1 << 16] {
      try Data(repeating: 7, count: count).write(to: file)
      #expect(reason(file.path()) == "\(count) bytes")
    }
    try Data(repeating: 7, count: (1 << 16) + 1).write(to: file)
    #expect(reason(file.path()) == "it has more than 65536 bytes")
  }

  @Test func whatCantBeReadSaysWhy() {
    #expect(reason("/nonexistent/token") == "No such file or directory")
    #expect(reason("/") == "Is a directory")
    #expect(reason("/dev/zero") == "it has more than 65536 bytes")
  }

  @Test(
    arguments: [
      ("word", "word"), (" \n word\r\n", "word"), ("", nil), (" \n", nil), ("two words", nil),
      ("a\u{7}b", nil), ("wörd", nil),
    ])
  func aTokenIsOneWord(_ text: String, _ word: String?) {
    #expect(Credential.word(in: text) == word)
  }
}
