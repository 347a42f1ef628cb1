import Catalog
import Diagnostics
import Digests
import Manifests
import Model
import Planning
import Scheduling
import TestSupport
import Testing

@testable import Views

/// A change with something of everything, in every form in which it is reviewed.
@Suite struct ReviewTests {
  let review = Review.example

  @Test func onATerminal() { expectSnapshot(ReviewView(review).text, "review.txt") }

  @Test func asAComment() { expectSnapshot(ReviewView(review).markdown, "review.md") }

  @Test func forPrograms() { expectSnapshot(ReviewView(review).json, "review.json") }

  @Test func asAPage() { expectSnapshot(ReviewPage(review).html, "review.html") }

  @Test func besideTheLines() {
    expectSnapshot(Annotations(review).github, "review-github.txt")
    expectSnapshot(Annotations(review).gitlab, "review-gitlab.json")
  }

  @Test func aPageAsksForNothing() {
    let html = ReviewPage(review).html
    for word in ["http:", "https:", "//", "src=", "href=", "<script", "@import", "url("] {
      #expect(!html.contains(word), "\(word)")
    }
  }

  @Test func aChangeWithoutEffectSaysSo() {
    let none = Review.between(Review.before, Review.before)
    #expect(none.comparison.isEmpty)
    #expect(
      ReviewView(none).text.hasSuffix(
        "No effect. Nothing is declared or done otherwise than before · $21.957642/h\n"))
    #expect(ReviewPage(none).html.contains("Every node stays as it is."))
  }

  /// A file that only moved declares the same objects.
  @Test func aRenameHasNoEffect() {
    let moved = Review.between(Review.before, Review.before, headPath: "elsewhere/all.yaml")
    #expect(moved.comparison.isEmpty)
  }
}

@Suite struct LossTests {
  @Test(arguments: ["node=lab-1", "node=demo/lab-1", "zone=us-east-1a"])
  func whatStandsOnALostNodeIsLostWithIt(text: String) throws {
    let loss = try #require(Loss(text))
    #expect(loss.description == text)
    let rest = try #require(Review.example.observed.losing(loss))
    #expect(rest.nodes.map(\.phase) == [.lost])
    #expect(rest.occupants.isEmpty)
  }

  @Test(arguments: ["node=nope", "zone=us-east-1b", "pool=a100"])
  func whatIsNotThereCannotBeLost(text: String) throws {
    #expect(Review.example.observed.losing(try #require(Loss(text))) == nil)
  }

  @Test(arguments: ["", "node", "node=", "rack=a", "=x"])
  func whatNamesNothing(text: String) { #expect(Loss(text) == nil) }
}

@Suite struct GateTests {
  private func gate(_ name: String, deny: [GatePredicate]) -> GateSpec {
    GateSpec(metadata: Metadata(name: name), deny: deny)
  }

  @Test func aChangeIsJudgedByTheGatesThatItTakesAway() {
    let (a, b) = (GatePredicate.pending, GatePredicate.replaces)
    let judges = PlanComparison.judges(
      base: [gate("kept", deny: [a]), gate("weakened", deny: [a, b])],
      head: [gate("added", deny: [b]), gate("weakened", deny: [.movesMoreThan(9), b])])
    #expect(judges.map(\.name.text) == ["added", "kept", "weakened"])
    #expect(judges.map(\.deny) == [[b], [a], [a, b, .movesMoreThan(9)]])
  }

  @Test func whatWasBrokenBeforeIsNoFaultOfTheChange() {
    let broken = GateOutcome(gate: GateName("g"), rule: .deny(.pending), findings: ["1 pending"])
    let worse = GateOutcome(gate: GateName("g"), rule: .deny(.pending), findings: ["2 pending"])
    func compared(_ base: GateOutcome, _ head: GateOutcome) -> PlanComparison {
      let gates = [gate("g", deny: [.pending])]
      return PlanComparison(
        base: .with([base]), head: .with([head]), gatesOfBase: gates, gatesOfHead: gates)
    }
    #expect(compared(broken, broken).brokenGates.isEmpty)
    #expect(compared(broken, worse).brokenGates.count == 1)
  }
}

@Suite struct CommentTests {
  /// A forge counts characters, and refuses the whole comment.
  @Test func aCommentFitsWhateverHappens() {
    var review = Review.example
    var content = PlanContent(target: review.comparison.head.target)
    content.changes = (0..<2000).map {
      ObjectChange(
        object: ObjectID(.workload, "w\($0)"), action: .update,
        fields: [
          FieldChange(
            path: "spec.image", before: nil, after: String(repeating: "é`", count: 100),
            effect: .inPlace)
        ])
    }
    content.pending = (0..<3000).map {
      .init(workload: WorkloadName("w\($0)"), ordinals: Array(0..<9), reasons: [])
    }
    review.comparison = PlanComparison(
      base: .with([]), head: Plan(content), gatesOfBase: [], gatesOfHead: [])
    let comment = ReviewView(review).markdown
    #expect(comment.utf8.count <= 65_536)
    #expect(comment.utf8.count > 60_000)
    #expect(comment.contains("lines more in 'setpoint review'"))
    #expect(comment.components("<details>") == comment.components("</details>"))
    #expect(comment.hasSuffix("</sub>\n"))
  }

  /// Nothing that a file says ends its code block, calls somebody or hides what follows.
  @Test func whatFilesSayStaysCode() {
    var review = Review.example
    review.head.name = "`@everyone` <!--"
    var content = PlanContent(target: review.comparison.head.target)
    content.changes = [
      ObjectChange(
        object: ObjectID(.workload, "w"), action: .update,
        fields: [
          FieldChange(
            path: "spec.env.A", before: nil, after: "```\n</details>@everyone\u{202E}",
            effect: .inPlace)
        ])
    ]
    review.comparison = PlanComparison(
      base: .with([]), head: Plan(content), gatesOfBase: [], gatesOfHead: [])
    let comment = ReviewView(review).markdown
    #expect(comment.contains("`` main (0123456789) → `@everyone` <!--"))
    #expect(comment.contains("\n````diff\n"))
    #expect(comment.contains("```\\u{A}</details>@everyone\\u{202E}"))
    let html = ReviewPage(review).html
    #expect(html.contains("`@everyone` &lt;!--"))
    #expect(html.contains("&lt;/details&gt;"))
  }

  @Test(arguments: [
    (10, [], []), (10, [3], [3]), (10, [30], [10]), (10, [2, 30, 30], [2, 4, 4]),
    (0, [1, 1], [0, 0]), (-5, [1], [0]), (100, [50, 1, 50], [49, 1, 50]),
  ])
  func roomIsSharedFairly(total: Int, wanted: [Int], shares: [Int]) {
    #expect(Markdown.shares(of: total, wanted: wanted) == shares)
  }
}

@Suite struct AnnotationTests {
  @Test func diagnosticsStandAtTheirLines() {
    let sources = Sources([SourceText(path: "a,b:c.yaml", text: "x: 1\ny: 50%\n")])
    let span = Span(source: SourceID(index: 0), range: 8..<11)
    let annotations = Annotations(
      [
        Diagnostic(Code("manifest", "x"), "50% of\nit", at: .span(span), help: "say 0.5"),
        Diagnostic(Code("source", "y"), "nothing", at: .invocation, severity: .warning),
        Diagnostic(Code("source", "z"), "no file", at: .path("d")),
      ], sources)
    #expect(
      annotations.github == """
        ::warning title=setpoint source/y::nothing
        ::error file=d,title=setpoint source/z::no file
        ::error file=a%2Cb%3Ac.yaml,line=2,col=4,title=setpoint manifest/x::50%25 of\\u{A}it (say 0.5)

        """)
    expectSnapshot(annotations.gitlab, "annotations-gitlab.json")
  }
}

@Test(arguments: [
  ("spec.resources.cpu", ["spec", "resources", "cpu"]), ("spec.env.A", ["spec", "env", "A"]),
  ("spec.env['a.b/c']", ["spec", "env", "a.b/c"]),
  ("metadata.labels['x']", ["metadata", "labels", "x"]),
])
func aFieldsPathIsTakenApart(path: String, names: [String]) {
  #expect(ChangePlaces.names(of: path) == names)
}

@Test(arguments: [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")])
func everyWorkloadHasALetter(index: Int, letter: String) {
  #expect(FleetPage.letter(index) == letter)
}

extension String {
  fileprivate func components(_ word: String) -> Int {
    matches(of: Regex<Substring>.literal(word)).count
  }
}

extension Regex where Output == Substring {
  fileprivate static func literal(_ word: String) -> Regex<Substring> {
    Regex<Substring>(verbatim: word)
  }
}

extension Plan {
  /// A plan that does nothing but have these verdicts.
  fileprivate static func with(_ gates: [GateOutcome]) -> Plan {
    var content = PlanContent(
      target: Target(
        parent: nil, desired: Digest(of: ""), nodes: [], replicas: [], nextNodeOrdinals: []))
    content.gates = gates
    return Plan(content)
  }
}
