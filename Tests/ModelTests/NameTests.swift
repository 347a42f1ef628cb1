import Foundation
import Model
import TestSupport
import Testing

@Suite struct NameRules {
  @Test func variables() {
    for name in ["HF_TOKEN", "_x", "a1"] { #expect(NameRule.variable.accepts(name)) }
    for name in ["", "1A", "A-B", "A B", "Ä"] { #expect(!NameRule.variable.accepts(name)) }
  }

  @Test func foreignNames() {
    for name in ["us-east-1a", "p5.48xlarge:spot", "Standard_ND96isr_H100_v5", "a/b"] {
      #expect(NameRule.foreign.accepts(name))
    }
    for name in ["", " a", "-a", "a b", "a\n", String(repeating: "a", count: 254)] {
      #expect(!NameRule.foreign.accepts(name))
    }
  }
}

/// Kubernetes' own tables of names.
@Suite(.enabled(if: Shared.isPresent))
struct KubernetesNames {
  private func strings(_ test: String, _ list: String) throws -> [String] {
    let data = try Shared.data("corpora/k8s-names.json")
    let corpus = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let tests = try #require(corpus["tests"] as? [String: [String: Any]])
    return try #require(tests[test]?[list] as? [String])
  }

  private func check(
    _ rule: NameRule, _ test: String, good: String = "successCases", bad: String = "errorCases"
  ) throws {
    for name in try strings(test, good) { #expect(rule.accepts(name), "'\(name)'") }
    for name in try strings(test, bad) { #expect(!rule.accepts(name), "'\(name)'") }
  }

  @Test func objects() throws {
    try check(.object, "IsDNS1123Label", good: "goodValues", bad: "badValues")
  }

  @Test func labels() throws {
    try check(.labelKey, "IsQualifiedName")
    try check(.labelValue, "IsValidLabelValue")
  }

  /// The patterns say the same as the rules, for editors that know only those.
  @Test func patternsAgree() throws {
    let names =
      try strings("IsDNS1123Label", "goodValues") + strings("IsDNS1123Label", "badValues")
      + strings("IsQualifiedName", "successCases") + strings("IsValidLabelValue", "successCases")
      + strings("IsValidLabelValue", "errorCases") + ["HF_TOKEN", "1A", "a:b", "a b"]
    for rule in NameRule.allCases {
      let pattern = try Regex(rule.pattern)
      for name in names {
        #expect((name.wholeMatch(of: pattern) != nil) == rule.accepts(name), "\(rule) '\(name)'")
      }
    }
  }
}
