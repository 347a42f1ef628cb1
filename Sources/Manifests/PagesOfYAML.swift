import Diagnostics
import YAML

extension DiagnosticPage {
  static let yamlPages: [DiagnosticPage] = [
    DiagnosticPage(
      .yamlSyntax, "The text is not YAML.",
      why: "Nothing after the mistake can be understood, so the rest of the file is not read.",
      wayOut: "Look at the marked place and just above it: an unclosed bracket or quote, a missing"
        + " space after ':', or an indentation that fits no line above.",
      example: .manifests("spec: [a, b\nkind: Queue\n")),
    DiagnosticPage(
      .yamlEncoding, "The file is not UTF-8.",
      why: "Other encodings would have to be guessed, and a wrong guess changes what a file says.",
      wayOut: "Save the file as UTF-8, with or without a byte order mark.",
      example: .file("A file that begins with the bytes FF FE, as UTF-16 does.") {
        [0xFF, 0xFE, 0x61, 0x00]
      }),
    DiagnosticPage(
      .yamlControlCharacter, "The file holds a character that nobody can see.",
      why: "What a reviewer sees and what is read would differ.",
      wayOut: "Remove it. Where it is wanted, write it as an escape between double quotes.",
      example: .manifests("kind: Qu\u{7}eue\n")),
    DiagnosticPage(
      .yamlLineSeparator, "A character ends the line for YAML, and for no editor.",
      why: "NEL, LS and PS can hide a second field on what looks like one line.",
      wayOut: "Write a line end, or an escape between double quotes.",
      example: .manifests("kind: Queue\u{2028}spec: {}\n")),
    DiagnosticPage(
      .yamlDirective, "A '%' line other than '%YAML 1.1' and '%YAML 1.2'.",
      why: "'%TAG' gives tags other names, and manifests have no tags.",
      wayOut: "Remove the line.",
      example: .manifests("%TAG ! tag:example.com,2026:\n---\nkind: Queue\n")),
    DiagnosticPage(
      .yamlTag, "A value carries a tag.",
      why: "A field's own type says how its text is read; a tag could only contradict it.",
      wayOut: "Remove the tag. '!!str' is the one that may stay.",
      example: .workload("priority: !!int \"500\"")),
    DiagnosticPage(
      .yamlMergeKey, "The merge key '<<'.",
      why:
        "It is no part of YAML 1.2, readers disagree about it, and it hides what a manifest says.",
      wayOut: "Write the fields out, or alias one whole value with '*name'.",
      example: .workload("rollout: &r {maxSurge: 1}\nplacement:\n  <<: *r")),
    DiagnosticPage(
      .yamlKeyNotScalar, "A key that is not text.",
      why: "Every field has a name. This is mostly a template that has not been filled in.",
      wayOut: "Fill the template in before, or put the text between quotes.",
      example: .workload("? [queue, parent]\n: nlp")),
    DiagnosticPage(
      .yamlEmptyKey, "A key without text.",
      why: "Every field has a name.",
      wayOut: "Write the field's name before the ':'.",
      example: .workload("?\n: nlp")),
    DiagnosticPage(
      .yamlDuplicateKey, "The same key stands twice in one mapping.",
      why:
        "Readers disagree about which one holds, so that a reviewer could be shown the wrong one.",
      wayOut: "Keep one of the two.",
      example: .workload("priority: 100\npriority: 900")),
    DiagnosticPage(
      .yamlUndefinedAlias, "An alias names no anchor before it in the same document.",
      why: "There is nothing that it could stand for.",
      wayOut: "Write '&name' before the value that it stands for, or correct the name.",
      example: .workload("env: &common {A: x}\nplacement:\n  nodeSelector: *comon")),
    DiagnosticPage(
      .yamlRecursiveAlias, "An alias stands inside of the value that it names.",
      why: "The value would contain itself without end.",
      wayOut: "Write the inner value out.",
      example: .workload("env: &e {A: *e}")),
    DiagnosticPage(
      .yamlTooLarge, "One file is larger than may be read.",
      why: "The bound keeps a mistake, or malice, from costing more than a fair file would.",
      wayOut: "Spread the documents over several files.",
      example: .file("A file of more than 1 MiB.") {
        Array(String(repeating: "# padding\n", count: 110_000).utf8)
      }),
    DiagnosticPage(
      .yamlTooDeep, "Values are nested too deeply.",
      why: "No manifest nests half as deep; a text that does was not written as one.",
      wayOut: "Look for brackets that are never closed.",
      example: .file("A value within 65 lists.") {
        Array("a: ".utf8) + Array(repeating: 0x5B, count: 65) + Array(repeating: 0x5D, count: 65)
      }),
    DiagnosticPage(
      .yamlScalarTooLarge, "One text is longer than may be read.",
      why: "A manifest describes; data of that size belongs elsewhere.",
      wayOut: "Put the data into a file, an image or a bucket, and name it in the manifest.",
      example: .file("A text of more than 256 KiB.") {
        Array("a: ".utf8) + Array(repeating: 0x78, count: (256 << 10) + 1)
      }),
    DiagnosticPage(
      .yamlTooManyDocuments, "A file has too many documents.",
      why: "The bound keeps a mistake, or malice, from costing more than a fair file would.",
      wayOut: "Spread the documents over several files.",
      example: .file("A file of more than 1000 documents.") {
        Array(String(repeating: "---\n", count: 1001).utf8)
      }),
    DiagnosticPage(
      .yamlTooManyEvents, "A file has too many parts.",
      why: "The bound keeps a mistake, or malice, from costing more than a fair file would.",
      wayOut: "Spread the documents over several files.",
      example: .file(
        "A file with more than half a million parts, read without a bound on its values.", loose
      ) {
        Array(("[" + String(repeating: "[],", count: 251_000) + "]\n").utf8)
      }),
    DiagnosticPage(
      .yamlTooManyNodes, "A file has too many values, with every alias counted as a copy.",
      why: "A few lines of aliases of aliases can stand for billions of values.",
      wayOut: "Write less by alias, or spread the documents over several files.",
      example: .file("A list of ten items, aliased ten times, five levels deep.") {
        let levels = (1...5).map { level in
          "a\(level): &a\(level) ["
            + (0..<10).map { _ in level == 1 ? "x" : "*a\(level - 1)" }.joined(separator: ", ")
            + "]\n"
        }
        return Array(levels.joined().utf8)
      }),
    DiagnosticPage(
      .yamlTooManyAliases, "A file has too many aliases.",
      why: "The bound keeps a mistake, or malice, from costing more than a fair file would.",
      wayOut: "Write some of the values out.",
      example: .file("A file with more than 100 aliases.") {
        let aliases = Array(repeating: "*a", count: 101).joined(separator: ", ")
        return Array("a: &a x\nb: [\(aliases)]\n".utf8)
      }),
    DiagnosticPage(
      .yamlTooManyProblems, "A file has so many problems that the rest is not read.",
      why: "More of the same would help nobody.",
      wayOut: "Correct those that are shown, and run again.",
      example: .file("A file with more than 100 tags.") {
        Array((0...100).map { "k\($0): !!int \"1\"\n" }.joined().utf8)
      }),
    DiagnosticPage(
      .yamlTooManyFiles, "A directory holds too many files.",
      why: "It is probably not the directory that was meant.",
      wayOut: "Name a directory that holds fewer.",
      example: .event("A directory with 10001 files.") {
        [YAMLLimits.standard.refusal(files: 10_001, bytes: 0, of: "manifests")].compactMap { $0 }
      }),
    DiagnosticPage(
      .yamlSetTooLarge, "The files of a directory are too large together.",
      why: "It is probably not the directory that was meant.",
      wayOut: "Name a directory that holds less.",
      example: .event("A directory with more than 16 MiB of manifests.") {
        [YAMLLimits.standard.refusal(files: 1, bytes: (16 << 20) + 1, of: "manifests")]
          .compactMap { $0 }
      }),
  ]

  private static let loose: YAMLLimits = {
    var limits = YAMLLimits.standard
    limits.nodesMax = .max
    return limits
  }()
}
