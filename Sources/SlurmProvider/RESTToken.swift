import HTTP
import JSON
import Model
import Planning

/// The proof of who asks. It is read before each request: whoever renews it has done all there is to do.
enum RESTToken {
  private static let bytesMax = 64 << 10

  /// Answers `transient` where there is none, or one whose time is over: it may be renewed any moment.
  static func read(
    _ settings: SlurmREST, variable: (String) -> String?, at now: Timestamp
  ) throws(Failure) -> String {
    let source: String
    let text: String
    if let path = settings.tokenFile {
      source = "file '\(path)'"
      text = String(decoding: try file(path, bytesMax: bytesMax), as: UTF8.self)
    } else {
      source = "variable \(settings.tokenVariable ?? "")"
      text = settings.tokenVariable.flatMap(variable) ?? ""
    }
    // As `scontrol token` prints it, or bare.
    let bare = text.trimmingPrefix(/\s*SLURM_JWT=/)
    guard let token = Credential.word(in: bare) else {
      throw .transient("no token for slurmrestd in \(source): `scontrol token` makes one")
    }
    if let end = expiry(of: token), end <= now {
      throw .transient(
        "the token for slurmrestd in \(source) has expired \((now - end).count) s ago: "
          + "`scontrol token` makes another")
    }
    return token
  }

  /// Answers `transient` where it can't be read: it may be put there, or made readable, at any moment.
  static func file(_ path: String, bytesMax: Int) throws(Failure) -> [UInt8] {
    do throws(Unreadable) { return try SmallFile.read(path, bytesMax: bytesMax) } catch {
      throw .transient("can't read file '\(path)': \(error.reason)")
    }
  }

  /// Of a JSON Web Token (RFC 7519), the claim `exp`; nil for what can't be read, of which Slurm is the
  /// judge. 22.05 says no more of a token whose time is over than "Unspecified error".
  static func expiry(of token: some StringProtocol) -> Timestamp? {
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let claims = Base64.url.decoded(parts[1]) else { return nil }
    var expiry: Int64?
    do throws(JSONProblem) {
      var reader = JSONReader(claims)
      try reader.object { (name, reader) throws(JSONProblem) in
        if name == "exp" { expiry = try reader.amount() }
      }
    } catch {
      return nil
    }
    return expiry.map { Timestamp(seconds: $0) }
  }
}
