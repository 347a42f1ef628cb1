import Model
import YAML

extension Table<AutoscalePolicy> {
  static let autoscale = Table(
    "autoscale", blank: AutoscalePolicy(), rules: [.atLeastOne("metrics", "schedules")],
    "How the autoscaler moves the number of `replicas` within its range."
  ) {
    Field(
      "metrics", \.metrics, .list(of: .fields(.metric), atLeast: 1, isUnique: true),
      example: "[{query: 'sum(rate(requests_total{app=\"chat\"}[1m]))', target: 50}]",
      "What is measured, and how much of it is right for one replica; what asks for most wins.")
    Field(
      "schedules", \.schedules, .list(of: .fields(.schedule), atLeast: 1, isUnique: true),
      example: "[{start: '0 8 * * 1-5', for: 10h, timeZone: Europe/Berlin, replicas: 8}]",
      "When there are at least so many, whatever is measured.")
    Field(
      "tolerancePercent", \.tolerancePercent, .integer(0...100), example: "10",
      "How far above its target a replica may be, in per cent, before there are more of them.")
    Field(
      "riskPercent", \.riskPercent, .integer(1...50), example: "6",
      """
      In how many of a hundred cases more may come than was provided for: with a lower number more \
      replicas stand by where the load is hard to foresee.
      """)
    Field(
      "readyAfter", \.readyAfter, .duration, example: "2m",
      """
      How long it takes from the decision for a replica until it is ready, a new node's start \
      included: so far ahead is looked.
      """)
    Field(
      "holdDown", \.holdDown, .duration, example: "150s",
      "How long fewer must have sufficed before there are fewer.")
    Field(
      "addedPerMinuteMax", \.addedPerMinuteMax, .integer(1...100_000), example: "20",
      "The most replicas that are added within a minute; any number where left out.")
    Field(
      "removedPerMinuteMax", \.removedPerMinuteMax, .integer(1...100_000), example: "5",
      "The most replicas that are taken away within a minute; any number where left out.")
  }
}

extension Table<MetricTarget> {
  static let metric = Table(
    "metric", blank: MetricTarget(query: "", targetMilli: 0),
    "Something that is measured of a service, and how much of it is right for one replica."
  ) {
    Field(
      "query", \.query, .anyText, example: "sum(rate(requests_total{app=\"chat\"}[1m]))",
      """
      In PromQL, for the Prometheus of the workload's clusters; it gives one number, what all \
      replicas do together.
      """
    ).required
    Field(
      "target", \.targetMilli, .amount(.decimal), example: "50", "What is right for one replica."
    ).required
  }
}

extension Table<ScaleSchedule> {
  static let schedule = Table(
    "schedule", blank: ScaleSchedule(start: .daily, duration: .zero, replicas: 0),
    "At least so many replicas from certain moments on, for a time."
  ) {
    Field(
      "start", \.start, .cron, example: "'0 8 * * 1-5'",
      """
      When it begins, as cron writes it: minute, hour, day of the month, month, day of the week. \
      Replicas are asked for `readyAfter` earlier.
      """
    ).required
    Field("for", \.duration, .duration, example: "10h", "How long it holds; at most 31d.").required
    Field(
      "timeZone", \.timeZone, .name(.foreign, "a time zone"), example: "Europe/Berlin",
      "Whose clock on the wall is meant, by its name in the IANA time zone database.")
    Field(
      "replicas", \.replicas, .integer(1...100_000), example: "8",
      "How many there are at least while it holds, within the range of the workload."
    ).required
  }
}

extension Table<IdlePolicy> {
  static let idle = Table(
    "idle", blank: IdlePolicy(query: "", belowMilli: 0),
    "When a workload counts as idle, and what comes of it."
  ) {
    Field(
      "query", \.query, .anyText, example: "avg(DCGM_FI_DEV_GPU_UTIL{app=\"notebook\"})",
      "In PromQL, for the Prometheus of each of the workload's clusters; it gives one number."
    ).required
    Field(
      "below", \.belowMilli, .amount(.decimal), example: "5", "Less than this is next to nothing."
    ).required
    Field(
      "for", \.length, .duration, example: "2h", "How long it must have been so, without a gap.")
    Field(
      "then", \.action, .choice(), example: "stop",
      """
      `flag` has plans and events say so; `stop` also stops its replicas, until something changes that \
      they are started with, or `then`.
      """)
  }
}

extension Form<CronTimes> {
  fileprivate static let cron = Form(
    TextShape(
      noun: "times as cron writes them", examples: ["0 8 * * 1-5", "*/30 * * * *"],
      pattern: "^\\S+(\\s+\\S+){4}$"),
    code: .invalidCron, print: { .text($0.description) }, parse: CronTimes.parse)
}

extension Table<PrometheusSettings> {
  static let prometheus = Table(
    "prometheus", blank: PrometheusSettings(url: ""),
    "A Prometheus that knows what the cluster's workloads do."
  ) {
    Field(
      "url", \.url, .anyText, example: "http://prometheus.monitoring:9090",
      "Where its HTTP API is, without its `/api/v1`."
    ).required
    Field(
      "tokenFile", \.tokenFile, .absolutePath, example: "/var/run/secrets/prometheus/token",
      "The file that holds a token to show it; the token itself never stands here.")
    Field(
      "timeout", \.timeout, .duration, example: "5s", "How long an answer may take.")
  }
}
