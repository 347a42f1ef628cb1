import Model
import YAML

extension Table<Endpoint> {
  static let endpoint = Table(
    "endpoint", blank: Endpoint(ports: CountRange(1)),
    "Where the replicas of a service take requests, and how one is taken out before it stops."
  ) {
    Field(
      "port", \.ports, .counts(1...65_535), example: "8000..8015",
      """
      Where replicas listen: all at one port, or of a range each at its own, replica n at the n-th. A \
      replica finds its port in its variable PORT.
      """
    ).required.restartsReplicas
    Field(
      "health", \.health, .urlPath, example: "/healthz",
      """
      The path that answers with 2xx or 3xx where a replica is well; where left out, one that takes \
      connections is.
      """)
    Field(
      "drain", \.drain, .duration, example: "30s",
      "How long a replica that is about to stop gets no new requests before it does; at most 10m.")
    Field(
      "load", \.load, .anyText,
      example: "sum by (instance) (requests_running{app=\"chat\"})",
      """
      In PromQL, for the cluster's Prometheus: what each replica has to do, a series for each by the \
      label `instance`, its address and port. Who has more to do than the others gets fewer requests.
      """)
  }
}

extension Table<HAProxySettings> {
  static let haproxy = Table(
    "haproxy", blank: HAProxySettings(),
    "An HAProxy that spreads the requests for services of the cluster over their replicas."
  ) {
    Field(
      "file", \.file, .absolutePath, example: "/etc/haproxy/conf.d/lab.cfg",
      "The file that is written for it, a backend for each service; HAProxy must be told to read it."
    ).required
    Field(
      "reload", \.reload, .list(of: .anyText, atLeast: 1), example: "[systemctl, reload, haproxy]",
      "The command that has HAProxy read its files anew, word by word."
    ).required
    Field(
      "socket", \.socket, .absolutePath, example: "/run/haproxy/admin.sock",
      """
      HAProxy's runtime API, with level admin: weights are changed by it, and replicas drained, without \
      a reload.
      """)
    Field(
      "timeout", \.timeout, .duration, example: "30s",
      "After which a call to HAProxy counts as without answer.")
  }
}

extension Form<String> {
  /// What HAProxy asks a replica for: it stands in a line of its configuration.
  fileprivate static let urlPath = Form(
    TextShape(
      noun: "a path of a URL", examples: ["/healthz", "/v1/models?ready=1"],
      pattern: "^/[A-Za-z0-9._~/?&=%+:@,;-]{0,254}$"),
    code: .invalidName, print: { .text($0) },
    parse: { utf8 throws(TextProblem) in
      guard utf8.first == UInt8(ascii: "/"), utf8.count <= 255,
        utf8.allSatisfy({ $0.isAlphanumeric || "._~/?&=%+:@,;-".utf8.contains($0) })
      else {
        throw .malformed(help: "expected a slash, then letters, digits and ._~/?&=%+:@,;-")
      }
      return String(decoding: utf8, as: UTF8.self)
    })

  static let hostAddress = Form(
    TextShape(
      noun: "an address of a host", examples: ["127.0.0.1", "head.example"],
      pattern: "^[A-Za-z0-9.:_-]{1,253}$"),
    code: .invalidName, print: { .text($0) },
    parse: { utf8 throws(TextProblem) in
      guard (1...253).contains(utf8.count),
        utf8.allSatisfy({ $0.isAlphanumeric || ".:_-".utf8.contains($0) })
      else { throw .malformed(help: nil) }
      return String(decoding: utf8, as: UTF8.self)
    })
}
