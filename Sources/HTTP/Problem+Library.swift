import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

extension Problem {
  /// What the library's error means. Whatever is not known to have happened before the request was sent
  /// counts as having happened after.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as NIOConnectionError:
      let isUnknown = error.dnsAError != nil && error.connectionErrors.isEmpty
      let failures = error.connectionErrors.map(\.error)
      self = isUnknown ? .unresolved(host: error.host) : .refused(Self.reason(failures))
    case let error as IOError:
      self =
        Self.beforeSending[error.errnoCode] == nil
        ? .lost("\(error)") : .refused(Self.reason([error]))
    case let error as HTTPClientError: self = .init(error)
    case is CancellationError: self = .lost("given up")
    case let error as NIOSSLError:
      switch error {
      case .handshakeFailed, .noCertificateToValidate, .unableToValidateCertificate:
        self = .untrusted("\(error)")
      default: self = .lost("\(error)")
      }
    case let error as NIOSSLExtraError: self = .untrusted("\(error)")
    default: self = .lost("\(error)")
    }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .connectTimeout: self = .refused("not within some seconds")
    case .tlsHandshakeTimeout: self = .refused("no TLS within some seconds")
    case .getConnectionFromPoolTimeout: self = .busy
    case .invalidURL, .emptyHost, .emptyScheme, .missingSocketPath:
      self = .unusable("the address can't be used")
    case .cancelled: self = .lost("given up")
    case .remoteConnectionClosed: self = .lost("closed by the server")
    default: self = .lost(error.shortDescription)
    }
  }

  private static func reason(_ failures: [any Error]) -> String {
    guard let first = failures.first else { return "no reason is given" }
    return (first as? IOError).flatMap { beforeSending[$0.errnoCode] } ?? "\(first)"
  }

  /// Errors of `connect`.
  private static let beforeSending: [CInt: String] = [
    ECONNREFUSED: "nobody listens there", ENOENT: "there is no such socket",
    EHOSTUNREACH: "there is no way there", ENETUNREACH: "there is no way there",
    EADDRNOTAVAIL: "no port is free", EACCES: "not permitted",
  ]
}
