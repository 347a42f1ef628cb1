import HTTP
import Testing

@Suite struct AddressTests {
  @Test(
    arguments: [
      ("https://api.lab", "https://api.lab:443"),
      ("https://api.lab:6443/", "https://api.lab:6443"),
      ("http://[::1]:80/k8s/a//", "http://[::1]:80/k8s/a"),
      ("https://[::1]", "https://[::1]:443"),
      ("unix:///run/slurmrestd.sock", "unix:///run/slurmrestd.sock"),
    ])
  func isRead(_ text: String, _ read: String) throws {
    #expect(try "\(Address(text))" == read)
  }

  @Test(
    arguments: [
      "", "api.lab:6443", "ftp://api.lab", "https://", "https://:6443", "https://a:0",
      "https://a:99999", "https://a:b", "https://user:password@api.lab", "https://a/?b",
      "https://a b", "https://a\r\nX: 1", "unix://relative", "https://::1:80",
    ])
  func isRefused(_ text: String) {
    #expect(throws: Problem.self) { try Address(text) }
  }
}
