import Diagnostics

extension DiagnosticPage {
  /// The fields of one manifest.
  static let manifestPages: [DiagnosticPage] = [
    DiagnosticPage(
      .unknownField, "A field that there is none of here.",
      why: "A field that is silently ignored is a wish that is silently not granted.",
      wayOut: "Correct the name; 'setpoint explain workload.spec' lists the fields that there are.",
      example: .workload("priorty: 500")),
    DiagnosticPage(
      .missingField, "A field that must be given is missing.",
      why: "There is no value that would be right for everyone, so there is no default.",
      wayOut: "Add the field.",
      example: .spec("Workload", "replicas: 2")),
    DiagnosticPage(
      .exclusiveFields, "Fields that exclude each other stand side by side.",
      why: "Each of them answers the same question, and only one of the answers can hold.",
      wayOut: "Remove all of them but one.",
      example: .workload("demand: {compute: 1000}")),
    DiagnosticPage(
      .wrongType, "A value is of another type than its field.",
      why: "A list, a mapping and a text each mean something else.",
      wayOut: "Write what is expected; 'setpoint explain workload.spec.command' shows an example.",
      example: .workload("command: torchrun train.py")),
    DiagnosticPage(
      .unknownKind, "A kind that there is none of.",
      why: "Without its kind nothing of a manifest can be judged.",
      wayOut: "Correct the kind. Manifests of other systems belong into another directory.",
      example: .manifests("apiVersion: setpoint/v1\nkind: Worklod\n")),
    DiagnosticPage(
      .apiVersion, "A version of the format that this release does not read.",
      why: "What a field means depends on the version of the format.",
      wayOut: "Write 'apiVersion: setpoint/v1'.",
      example: .manifests(
        "apiVersion: setpoint/v2\nkind: Queue\nmetadata: {name: nlp}\nspec: {}\n")),
    DiagnosticPage(
      .unknownValue, "A word that is none of those the field knows.",
      why: "Each word of such a field stands for a behaviour, and there is none for this one.",
      wayOut: "Use one of the words that the message lists.",
      example: .spec("Workload", "type: trainig\nreplicas: 2")),
    DiagnosticPage(
      .unsupportedProvider, "A provider that is not part of this release.",
      why: "The format knows its name, and there is no adapter for it yet.",
      wayOut:
        "Write one of the providers that the message lists, or wait for a release that has it.",
      example: .spec("Cluster", "provider: aws\nregion: us-east-1\nzones: [us-east-1a]")),
    DiagnosticPage(
      .emptyList, "A list has no item, and must have one.",
      why: "With nothing in it, nothing could ever be chosen from it.",
      wayOut: "Add an item, or leave the field out where it has a default.",
      example: .spec("Cluster", "provider: simulated\nregion: us-east-1\nzones: []")),
    DiagnosticPage(
      .repeatedItem, "The same item stands twice in one list.",
      why: "The second one can't mean anything, so another was probably meant.",
      wayOut: "Keep one of the two, or correct the other.",
      example: .spec(
        "Cluster", "provider: simulated\nregion: us-east-1\nzones: [us-east-1a, us-east-1a]")),
    DiagnosticPage(
      .emptySet, "The manifests declare no object at all.",
      why: "An empty directory is far more often a wrong path or a failed checkout than the wish to"
        + " delete everything.",
      wayOut: "Look at the path. To delete objects, use 'setpoint delete'.",
      example: .manifests("# nothing yet\n")),
    DiagnosticPage(
      .invalidName, "A name that can't be one.",
      why: "Names become parts of others, such as those of nodes and replicas, and must fit there.",
      wayOut: "Use lower-case letters, digits and '-', at most 63, a letter or digit at both ends.",
      example: .manifests(
        "apiVersion: setpoint/v1\nkind: Queue\nmetadata: {name: NLP_Team}\nspec: {}\n")),
    DiagnosticPage(
      .invalidLabelKey, "A label's key that can't be one.",
      why: "Keys are those of Kubernetes, so that labels can be carried over in both directions.",
      wayOut:
        "Use letters, digits, '-', '_' and '.', at most 63; if wanted after a domain and '/'.",
      example: .workload("placement: {nodeSelector: {\"my fabric\": ib}}")),
    DiagnosticPage(
      .invalidLabelValue, "A label's value that can't be one.",
      why: "Values are those of Kubernetes, so that labels can be carried over in both directions.",
      wayOut: "Use letters, digits, '-', '_' and '.', at most 63, a letter or digit at both ends.",
      example: .workload("placement: {nodeSelector: {fabric: \"ib, fast\"}}")),
    DiagnosticPage(
      .invalidVariable, "A name that no environment variable can have.",
      why: "Shells read only letters, digits and '_', with no digit first.",
      wayOut: "Use such a name.",
      example: .workload("env: {HF-TOKEN: x}")),
  ]
}
