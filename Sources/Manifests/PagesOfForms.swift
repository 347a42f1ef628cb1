import Diagnostics

extension DiagnosticPage {
  /// The texts of single values.
  static let formPages: [DiagnosticPage] = [
    DiagnosticPage(
      .missingUnit, "A number without the unit that it needs.",
      why: "A bare number of bytes, seconds or dollars is a mistake about as often as not.",
      wayOut: "Write the unit: '512Gi', '100Gbps', '30m', '$25/h'.",
      example: .workload("resources: {memory: 512}\nduration: 90")),
    DiagnosticPage(
      .outOfRange, "A value beyond what its field allows, or finer than it can be kept.",
      why: "Values are kept exactly and never rounded or cut off.",
      wayOut: "Use a value within the bound that the message names.",
      example: .workload("priority: 1001")),
    DiagnosticPage(
      .invalidQuantity, "A text that is no amount of this resource.",
      why: "Each resource has its units: cores have thousandths ('500m'), memory and storage have"
        + " bytes ('512Gi', '1T'), networks have bits per second ('100Gbps').",
      wayOut: "Use a unit of that resource.",
      example: .workload("resources: {cpu: 8Gi, memory: 128m}")),
    DiagnosticPage(
      .invalidDuration, "A text that is no duration.",
      why: "Durations are whole numbers with units, the greater unit first, each once.",
      wayOut: "Write '90s', '30m', '1h30m' or '7d'.",
      example: .workload("duration: 1.5h")),
    DiagnosticPage(
      .invalidCron, "A text that names no times as cron does.",
      why: "Five fields say minute, hour, day of the month, month and day of the week, each as '*',"
        + " values, ranges, steps or lists of them.",
      wayOut: "Write '0 8 * * 1-5' for eight o'clock on workdays, or '*/30 * * * *' twice an hour.",
      example: .spec(
        "Workload",
        """
        type: inference
        replicas: 2..8
        resources: {cpu: 1}
        image: registry.example/chat:1
        autoscale:
          schedules: [{start: 8 o'clock, for: 10h, replicas: 4}, {start: 0 25 * * *, for: 1h, replicas: 4}]
        """)),
    DiagnosticPage(
      .invalidDate, "A text that is no day.",
      why: "Days are written as RFC 3339 has them, which no two countries read differently.",
      wayOut: "Write it like '2026-07-20'.",
      example: .manifests(
        """
        apiVersion: setpoint/v1
        kind: PriceFile
        prices:
          - {region: us-east-1, instanceType: p5.48xlarge, onDemand: $40/h, date: 20.7.2026}
        ---
        apiVersion: setpoint/v1
        kind: Queue
        metadata: {name: nlp}
        spec: {}

        """)),
    DiagnosticPage(
      .invalidMoney, "A text that is no amount of money.",
      why:
        "Amounts are exact: a dollar sign, digits and at most six decimals, and '/h' for prices.",
      wayOut: "Write '$2500/h' or '$0.0125/h', without ','.",
      example: .spec("Gate", "deny:\n  - costAbove: $2,500/h")),
    DiagnosticPage(
      .invalidRange, "A text that is no number and no range.",
      why: "A range says between which bounds the autoscaler moves, or which amounts will do.",
      wayOut: "Write a number as '4' or a range as '2..16'; amounts may be open: '512Gi..'.",
      example: .spec("Workload", "type: inference\nreplicas: 16..2")),
    DiagnosticPage(
      .invalidShare, "A text that is no number and no percentage.",
      why: "A share is a number of members of a group, or a part of it in whole per cent.",
      wayOut: "Write '1' or '10%'.",
      example: .workload("rollout: {maxSurge: one}")),
    DiagnosticPage(
      .invalidInteger, "A text that is no whole number.",
      why: "'0777', '0x10' and '1_000' mean different numbers to different readers.",
      wayOut: "Write decimal digits and nothing else.",
      example: .workload("priority: 0500")),
    DiagnosticPage(
      .invalidBoolean, "A text that is neither true nor false.",
      why: "YAML 1.1 takes 'yes' and 'on' for true, YAML 1.2 for text.",
      wayOut: "Write 'true' or 'false'.",
      example: .spec("Queue", "borrowing: yes")),
    DiagnosticPage(
      .invalidAccelerator, "A text that names no accelerators.",
      why: "Accelerators are a model and a number of devices, or a share of one.",
      wayOut: "Write 'H100:8', 'H100|H200:8' for either, 'H100:500m' for half of one.",
      example: .workload("resources: {accelerator: \"8x H100\"}")),
  ]
}
