import NIOSSL

/// Certificates that are good for a hundred years and for nothing but these tests: of an authority, of a
/// server (`localhost`, `api.lab`) and of a client, which it vouches for; and of an authority
/// that has nothing to do with them.
public enum TestCertificates {
  public static let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBmjCCAUGgAwIBAgIUQkjUM7BN0heGN/iyXuiPjGm05CAwCgYIKoZIzj0EAwIw
    IjEgMB4GA1UEAwwXU2V0cG9pbnQgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI3MDUz
    NjIxWhgPMjEyNjExMDMwNTM2MjFaMCIxIDAeBgNVBAMMF1NldHBvaW50IHRlc3Qg
    YXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYUP9tO5ekYSrsqPk
    xJIc72fqLWuiwAXPz4x7aOF+UPnDkpH6OlPfIpaAipEZBL/22IIzt29Z7Uk4EDAy
    oILMIqNTMFEwHQYDVR0OBBYEFEEsxve5dJYMS+8HuBPTf/m0EV0vMB8GA1UdIwQY
    MBaAFEEsxve5dJYMS+8HuBPTf/m0EV0vMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
    zj0EAwIDRwAwRAIgCQdEbpazuVlAvKma+CN+srFJzjBw81PQAI9jzwobKu0CICHl
    +zm7SvOelpLAuwmim7vmiXU2YXuiXzUmLeZLW5lP
    -----END CERTIFICATE-----
    """

  public static let otherAuthority = """
    -----BEGIN CERTIFICATE-----
    MIIBjjCCATWgAwIBAgIUTA3ZFAIf/Jzf3pxs/jUlZq0BChgwCgYIKoZIzj0EAwIw
    HDEaMBgGA1UEAwwRQW5vdGhlciBhdXRob3JpdHkwIBcNMjYxMTI3MDUzNjIxWhgP
    MjEyNjExMDMwNTM2MjFaMBwxGjAYBgNVBAMMEUFub3RoZXIgYXV0aG9yaXR5MFkw
    EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElU3T/9rhB+jE5aAmFa04dzX9+LSh4XC3
    DRSztWKtxhtUmE0P68M7bgcpG0Vcdf/SBiuInNpYtA3zL6MFatUtvqNTMFEwHQYD
    VR0OBBYEFGQ/9oXkx8ozLBvnjd/dXRL0Ghj5MB8GA1UdIwQYMBaAFGQ/9oXkx8oz
    LBvnjd/dXRL0Ghj5MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIg
    FjrLZwDU848eFUJRLToMgBHDCWjHSe59yrjix8q7VaQCICftp1F17TIsjfehwjM7
    apiY/fwRGwEmaTEmxVTUqESN
    -----END CERTIFICATE-----
    """

  public static let client = """
    -----BEGIN CERTIFICATE-----
    MIIBnTCCAUSgAwIBAgIUae47NWRKUX3z7Rxejn+tO9T4bUkwCgYIKoZIzj0EAwIw
    IjEgMB4GA1UEAwwXU2V0cG9pbnQgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI3MDUz
    NjIxWhgPMjEyNjExMDMwNTM2MjFaMBExDzANBgNVBAMMBmNsaWVudDBZMBMGByqG
    SM49AgEGCCqGSM49AwEHA0IABPcXx9xe4vdsj50mXAJq+hgEfTFTlRYvjYod6T48
    wbx1QiIM2WPc9PNZX1UXnMLS8qKEC9g6hIni09v2rDiQx8CjZzBlMCMGA1UdEQQc
    MBqCCWxvY2FsaG9zdIIHYXBpLmxhYocEfwAAATAdBgNVHQ4EFgQUbgsr4HvteKIO
    9nHAaZG5VciPfC4wHwYDVR0jBBgwFoAUQSzG97l0lgxL7we4E9N/+bQRXS8wCgYI
    KoZIzj0EAwIDRwAwRAIgYRX26ai/iUAO2j7XddZsNL44BIbCPPZ7PqTrFY05F+oC
    IFyqu9IzPC1/l0qsbbCCGmY+QTMn2Ci13UT2X9b3VgIv
    -----END CERTIFICATE-----
    """

  public static let clientKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9d7OGA+1DRudyv+I
    pvoqZzim8AAFukfmB63mxcMjQ/ahRANCAAT3F8fcXuL3bI+dJlwCavoYBH0xU5UW
    L42KHek+PMG8dUIiDNlj3PTzWV9VF5zC0vKihAvYOoSJ4tPb9qw4kMfA
    -----END PRIVATE KEY-----
    """

  private static let server = """
    -----BEGIN CERTIFICATE-----
    MIIBmDCCAT6gAwIBAgIUae47NWRKUX3z7Rxejn+tO9T4bUowCgYIKoZIzj0EAwIw
    IjEgMB4GA1UEAwwXU2V0cG9pbnQgdGVzdCBhdXRob3JpdHkwIBcNMjYxMTI3MDU0
    MTQ1WhgPMjEyNjExMDMwNTQxNDVaMBExDzANBgNVBAMMBnNlcnZlcjBZMBMGByqG
    SM49AgEGCCqGSM49AwEHA0IABMBdidIdU1OocHl5zrV6snjDHJlyOLdnpdfTbU+g
    KYtcrMcnllpyTDRaflEpzHg9xvVHAXQIKvAvr6Cyc5I410qjYTBfMB0GA1UdEQQW
    MBSCCWxvY2FsaG9zdIIHYXBpLmxhYjAdBgNVHQ4EFgQUdtkI9CyGWDC1P0yK76tr
    lDrzJEwwHwYDVR0jBBgwFoAUQSzG97l0lgxL7we4E9N/+bQRXS8wCgYIKoZIzj0E
    AwIDSAAwRQIhAIcaVOVkj9uWMvUYyA3/kxcfRBqlwGvFmilh/P0sdwzLAiAS0JLL
    RoLMVmpk1WoFh7t5WAgoOrnhr8dLYVzoqTQF/A==
    -----END CERTIFICATE-----
    """

  private static let serverKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1oa9ZvdzvLvuABOS
    8b4E8XodzpVl0tQUz2Z5M/hFP+ahRANCAATAXYnSHVNTqHB5ec61erJ4wxyZcji3
    Z6XX021PoCmLXKzHJ5Zackw0Wn5RKcx4Pcb1RwF0CCrwL6+gsnOSONdK
    -----END PRIVATE KEY-----
    """

  /// How a server shows itself.
  public struct Server: Sendable {
    /// Whether it wants a certificate of its clients.
    let wantsClients: Bool

    public init(wantsClients: Bool = false) { self.wantsClients = wantsClients }

    func configuration() throws -> TLSConfiguration {
      let key = try NIOSSLPrivateKey(bytes: Array(serverKey.utf8), format: .pem)
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: try certificates(server).map { .certificate($0) },
        privateKey: .privateKey(key))
      if wantsClients {
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates(try certificates(authority))
      }
      return configuration
    }

    private func certificates(_ pem: String) throws -> [NIOSSLCertificate] {
      try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8))
    }
  }
}
