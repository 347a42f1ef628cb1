import HTTP
import Loopback
import Testing

/// Who is believed, and by whom.
@Suite struct TrustTests {
  private func trust(_ authority: String = TestCertificates.authority) -> Trust {
    Trust(authorities: Array(authority.utf8))
  }

  private func outcome(
    _ trust: Trust, host: String = "localhost", _ tls: TestCertificates.Server = .init()
  ) async throws -> Problem? {
    let loopback = try await Loopback(tls: tls) { _ in .text(200, "") }
    let server = try Server(Address("https://\(host):\(loopback.port)"), trust)
    return await problem(server, Request(.get, "/", secondsMax: 60, answerBytesMax: 1000))
  }

  @Test func aServerWhoIsVouchedForIsBelieved() async throws {
    #expect(try await outcome(trust()) == nil)
  }

  @Test func nobodyElseIs() async throws {
    #expect(isUntrusted(try await outcome(trust(TestCertificates.otherAuthority))))
    #expect(isUntrusted(try await outcome(Trust())))
  }

  @Test func theNameIsPartOfIt() async throws {
    #expect(isUntrusted(try await outcome(trust(), host: "127.0.0.1")))
    var named = trust()
    named.serverName = "api.lab"
    #expect(try await outcome(named, host: "127.0.0.1") == nil)
    named.serverName = "other.lab"
    #expect(isUntrusted(try await outcome(named)))
  }

  private func isUntrusted(_ problem: Problem?) -> Bool {
    guard case .untrusted = problem else { return false }
    return true
  }

  @Test func whoSaysSoBelievesAnybody() async throws {
    #expect(try await outcome(Trust(verifies: false), host: "127.0.0.1") == nil)
  }

  @Test func aServerMayWantToKnowWhoComes() async throws {
    var known = trust()
    #expect(try await outcome(known, .init(wantsClients: true)) != nil)
    known.identity = Trust.Identity(
      certificates: Array(TestCertificates.client.utf8), key: Array(TestCertificates.clientKey.utf8)
    )
    #expect(try await outcome(known, .init(wantsClients: true)) == nil)
    #expect(!"\(known)".contains("PRIVATE"))
  }

  @Test func whatIsNoPEMIsSaid() throws {
    let address = try Address("https://127.0.0.1")
    let nonsense = Array("nonsense".utf8)
    let certificate = Array(TestCertificates.client.utf8)
    let wrong = [
      Trust(authorities: nonsense), Trust(authorities: []),
      Trust(identity: .init(certificates: nonsense, key: nonsense)),
      Trust(identity: .init(certificates: certificate, key: nonsense)),
    ]
    let texts = wrong.map { trust in
      do throws(Problem) {
        _ = try Server(address, trust)
        return "usable"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      texts == [
        "the certificates of the authorities are no PEM that can be read",
        "the certificates of the authorities are no PEM that can be read",
        "the certificates of our own are no PEM that can be read",
        "our private key is no PEM that can be read",
      ])
  }
}
