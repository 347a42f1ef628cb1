import NIOSSL

/// Whom to believe at the other end of a TLS connection, and who to be at this one.
public struct Trust: Hashable, Sendable {
  /// PEM of those who may vouch for the server; nil for those that this machine trusts.
  public var authorities: [UInt8]?
  public var identity: Identity?
  /// The name that the server's certificate must have, where it isn't that of the address.
  public var serverName: String?
  /// Only where somebody said so expressly: without it anybody may be the server.
  public var verifies: Bool

  /// A certificate of ours, and what proves that it is.
  public struct Identity: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    let certificates: [UInt8]
    let key: [UInt8]

    /// PEM both; of the certificates our own comes first.
    public init(certificates: [UInt8], key: [UInt8]) {
      self.certificates = certificates
      self.key = key
    }

    public var description: String { "(certificate and key)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
  }

  public init(
    authorities: [UInt8]? = nil, identity: Identity? = nil, serverName: String? = nil,
    verifies: Bool = true
  ) {
    self.authorities = authorities
    self.identity = identity
    self.serverName = serverName
    self.verifies = verifies
  }

  func configuration() throws(Problem) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.certificateVerification = verifies ? .fullVerification : .none
    if let authorities {
      let certificates = try Self.read(authorities, "the authorities")
      configuration.trustRoots = .certificates(certificates)
    }
    if let identity {
      let chain = try Self.read(identity.certificates, "our own")
      configuration.certificateChain = chain.map { .certificate($0) }
      do {
        configuration.privateKey = .privateKey(
          try NIOSSLPrivateKey(bytes: identity.key, format: .pem))
      } catch { throw .unusable("our private key is no PEM that can be read") }
    }
    return configuration
  }

  private static func read(
    _ pem: [UInt8], _ whose: String
  ) throws(Problem) -> [NIOSSLCertificate] {
    do {
      let certificates = try NIOSSLCertificate.fromPEMBytes(pem)
      if !certificates.isEmpty { return certificates }
    } catch {}
    throw .unusable("the certificates of \(whose) are no PEM that can be read")
  }
}
