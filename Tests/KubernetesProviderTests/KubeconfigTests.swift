import Foundation
import HTTP
import Model
import Planning
import Testing

@testable import KubernetesProvider

/// Where the API server is, and who we are to it.
@Suite struct AccessTests {
  private let config = """
    apiVersion: v1
    kind: Config
    current-context: dev
    contexts:
    - {name: dev, context: {cluster: here, user: me}}
    - {name: certified, context: {cluster: there, user: certified}}
    - {name: fetched, context: {cluster: here, user: fetched}}
    - {name: open, context: {cluster: open, user: me}}
    - {name: nobody, context: {cluster: here, user: absent}}
    - {name: old, context: {cluster: here, user: old}}
    clusters:
    - name: here
      cluster: {server: "http://127.0.0.1:1"}
    - name: there
      cluster:
        server: https://there:6443
        tls-server-name: api
        certificate-authority-data: Q0E=
    - name: open
      cluster: {server: "https://open:6443", insecure-skip-tls-verify: true}
    users:
    - {name: me, user: {token: s3cret}}
    - name: certified
      user: {client-certificate: me.pem, client-key-data: S0VZ}
    - name: fetched
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1
          command: sh
          args: [-c, 'echo "{\\"status\\": {\\"token\\": \\"$T\\"}}"']
          env: [{name: T, value: fetched}]
    - {name: old, user: {username: me, password: s3cret}}
    """

  private func access(
    _ context: String? = nil, path: String? = "/home/.kube/config", exec: Bool = false,
    insecure: Bool = false, environment: [String: String] = [:]
  ) async throws(Failure) -> Access {
    let files = [
      "/home/.kube/config": config, "/home/.kube/me.pem": "CERT",
      "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt": "CA",
      "/var/run/secrets/kubernetes.io/serviceaccount/token": "of-the-pod\n",
      "/broken": "current-context: [",
    ]
    return try await Access(
      KubernetesSettings(
        kubeconfig: path, context: context, allowsExec: exec, allowsInsecure: insecure),
      Surroundings(
        environment: environment.merging(["PATH": "/usr/bin:/bin"]) { $1 },
        read: { path throws(Unreadable) in
          guard let text = files[path] else { throw Unreadable("no such file") }
          return Array(text.utf8)
        }, now: { Timestamp(seconds: 0) }, wait: { _ in }))
  }

  private func refusal(_ body: () async throws(Failure) -> Access) async -> String {
    do {
      _ = try await body()
      return "let in"
    } catch { return "\(error)" }
  }

  @Test func theCurrentContextCounts() async throws {
    let access = try await access()
    #expect(access.server == "http://127.0.0.1:1")
    #expect(access.credential == .bearer("s3cret"))
    #expect(access.trust.verifies && access.trust.authorities == nil)
    #expect(!"\(access)".contains("s3cret"))
  }

  @Test func filesLieBesideTheKubeconfig() async throws {
    let access = try await access("certified")
    #expect(access.trust.authorities == Array("CA".utf8))
    #expect(access.trust.serverName == "api")
    let identity = Trust.Identity(certificates: Array("CERT".utf8), key: Array("KEY".utf8))
    #expect(access.trust.identity == identity)
  }

  @Test func programsRunOnlyWhereThatIsAllowed() async throws {
    #expect(try await access("fetched", exec: true).credential == .bearer("fetched"))
    let refusal = await refusal { () async throws(Failure) in try await access("fetched") }
    #expect(
      refusal == """
        /home/.kube/config names the program 'sh' for credentials; only the setting \
        'allowExec: true' of the cluster lets it run
        """)
  }

  @Test func nobodyIsBelievedWithoutProof() async throws {
    #expect(try await access("open", insecure: true).trust.verifies == false)
    let refusal = await refusal { () async throws(Failure) in try await access("open") }
    #expect(refusal.hasSuffix("only the setting 'allowInsecure: true' of the cluster lets it"))
  }

  @Test func aPodKnowsItsOwnCluster() async throws {
    let access = try await access(
      path: nil, environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "HOME": "/home"])
    #expect(access.server == "https://[fd00::1]:443")
    #expect(access.credential == .bearer("of-the-pod"))
    #expect(access.trust.authorities == Array("CA".utf8))
  }

  @Test func theEnvironmentNamesAFile() async throws {
    let named = try await access(path: nil, environment: ["KUBECONFIG": "/home/.kube/config:/b"])
    #expect(named.server == "http://127.0.0.1:1")
    #expect(try await access(path: nil, environment: ["HOME": "/home"]).origin == named.origin)
  }

  @Test func whatIsMissingIsNamed() async {
    let texts = [
      await refusal { () async throws(Failure) in try await access("else") },
      await refusal { () async throws(Failure) in try await access("nobody") },
      await refusal { () async throws(Failure) in try await access("old") },
      await refusal { () async throws(Failure) in try await access(path: "/none") },
      await refusal { () async throws(Failure) in try await access(path: "/broken") },
      await refusal { () async throws(Failure) in try await access(path: nil) },
    ]
    #expect(
      texts == [
        "/home/.kube/config has no context 'else'",
        "/home/.kube/config has no user 'absent'",
        "/home/.kube/config: user 'old' needs an auth-provider or a password, which is not supported",
        "kubeconfig: '/none' can't be read: no such file",
        "/broken is no kubeconfig that can be read",
        "no kubeconfig is named, and this is no pod of a cluster",
      ])
  }

  /// It would be sent, and refused as if it were somebody's.
  @Test(arguments: ["", " \n", "two words"])
  func aFileWithoutATokenIsTold(_ text: String) async {
    let kubeconfig = """
      {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
      "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
      "users": [{"name": "u", "user": {"tokenFile": "token"}}]}
      """
    let surroundings = Surroundings(
      environment: ["KUBECONFIG": "/etc/kubeconfig"],
      read: { path throws(Unreadable) in
        Array((path == "/etc/token" ? text : kubeconfig).utf8)
      }, now: { Timestamp(seconds: 0) }, wait: { _ in })
    let said = await refusal { () async throws(Failure) in
      try await Access(KubernetesSettings(), surroundings)
    }
    #expect(said == "/etc/kubeconfig: '/etc/token' holds no token: it must be one word")
  }
}
