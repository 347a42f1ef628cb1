/// What git may use of this machine to reach a repository elsewhere.
public struct GitAccess: Hashable, Sendable {
  /// Where git and what it runs are looked for.
  public let searchPath: String
  /// Those of `variableNames` that are set.
  let variables: [String: String]

  /// Where ssh and the HTTP library find keys, known hosts, `.netrc` and proxies, and what they ask
  /// for passwords. They are our own environment's, so whoever starts the program decides.
  public static let variableNames = [
    "HOME", "SSH_AUTH_SOCK", "GIT_ASKPASS", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY",
  ]

  public init(searchPath: String, variable: (String) -> String?) {
    self.searchPath = searchPath
    variables = Self.variableNames.reduce(into: [:]) { $0[$1] = variable($1) }
  }

  /// The environment of one fetch, over that of every run of git: one scheme, no questions to
  /// anybody who isn't there, and no host that is not known yet.
  func environment(for scheme: GitLocation.Scheme) -> [String: String] {
    var environment = variables
    environment["GIT_ALLOW_PROTOCOL"] = scheme.rawValue
    environment["GIT_SSH_COMMAND"] =
      variables["GIT_SSH_COMMAND"]
      ?? "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=20"
    return environment
  }
}

/// By whose signature a commit counts.
public enum GitTrust: Hashable, Sendable {
  /// A file of allowed signers, and one of revoked keys, as ssh-keygen reads them.
  case ssh(signers: String, revoked: String?)
  /// A home directory of GnuPG: every key in it is trusted.
  case gpg(home: String)

  /// The settings under which `git verify-commit` believes these and no others: the kind of a
  /// signature is the signature's own claim, so the programs for other kinds are taken away.
  var settings: [String] {
    switch self {
    case .ssh(let signers, let revoked):
      [
        "gpg.ssh.program=ssh-keygen", "gpg.ssh.allowedSignersFile=\(signers)",
        "gpg.ssh.revocationFile=\(revoked ?? "")", "gpg.program=false", "gpg.x509.program=false",
      ]
    case .gpg:
      ["gpg.program=gpg", "gpg.ssh.program=false", "gpg.x509.program=false"]
    }
  }

  var environment: [String: String] {
    switch self {
    case .ssh: [:]
    case .gpg(let home): ["GNUPGHOME": home]
    }
  }
}
