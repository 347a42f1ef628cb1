public import Model
import YAML

extension QueueSpec: Spec {
  public static let kind = Kind.queue

  public static let table = manifest(
    "A share of the accelerators for a group of people; queues form a tree.",
    blank: QueueSpec(metadata: Table.metadata.blank), metadata: \.metadata
  ) {
    Field(
      "parent", \.parent, .reference(to: "the name of a queue"), example: "research",
      "The queue that this one takes its share from; it stands at the top where left out.")
    Field(
      "quota", \.quota, fields: .quota, "Guaranteed to this queue and the queues below it.")
    Field(
      "borrowing", \.borrowing, .boolean, example: "false",
      "Whether the queue may use what its siblings leave idle.")
    Field("limit", \.limit, optionalFields: .quota, "Never exceeded, borrowing included.")
    Field(
      "weight", \.weight, .integer(1...1000), example: "2",
      "Its share of what can be borrowed, relative to its siblings.")
    Field(
      "budget", \.budget, optionalFields: .budget,
      """
      What its workloads, and those of the queues below it, may spend in a month; with `onExceed: hold` \
      they then get no more devices than they hold.
      """)
  }
}

extension Table<Quota> {
  static let quota = Table(
    "quota", blank: Quota(),
    "Numbers of accelerators: of all models together, and of single models."
  ) {
    Field(
      "accelerators", \.accelerators, .integer(0...10_000_000), example: "64",
      "Devices of all models together.")
    Field(
      "models", \.byModel, .countsByModel, example: "{H100: 64}", "Devices of single models.")
  }
}
