import Foundation
import Testing

/// The files of `docs/gitops` are run as they are: against a server, a clone and an applied state.
@Suite struct GitOpsTests {
  private static let harmless = "s/EPOCHS: \"3\"/EPOCHS: \"4\"/"
  private static let faulty = "s/replicas: 3/replicsa: 3/"

  private func review(
    _ workplace: Workplace, known: String = ""
  ) throws -> (status: Int32, output: String) {
    try workplace.publish()
    try workplace.fake("gh", answer: known)
    let range = try workplace.run("echo $(git rev-parse main)...$(git rev-parse topic)").output
    let variables = [
      "RANGE": range.trimmingCharacters(in: .newlines), "NUMBER": "7", "GH_REPO": "o/r",
      "RUNNER_TEMP": workplace.path("runner"),
      "GITHUB_STEP_SUMMARY": workplace.path("summary.md"),
    ]
    let steps = try scripts("run", of: "github-review.yaml")
    try #require(steps.count == 3)
    try workplace.run(steps[0], with: variables)
    let reviewed = try workplace.run(steps[1], with: variables, expecting: 0...255)
    try workplace.run(steps[2], with: variables)
    return (reviewed.status, reviewed.output)
  }

  @Test func gitHubGetsACommentAPageAndASummary() throws {
    let workplace = try Workplace()
    try workplace.change(Self.harmless)
    #expect(try review(workplace).status == 0)
    #expect(try workplace.text("summary.md").contains("### Setpoint review"))
    #expect(try workplace.text("runner/review.html").hasPrefix("<!doctype html>"))
    #expect(try workplace.text("gh.log").contains("--method POST repos/o/r/issues/7/comments"))
  }

  @Test func gitHubsCommentIsWrittenOver() throws {
    let workplace = try Workplace()
    try workplace.change(Self.harmless)
    #expect(try review(workplace, known: "42").status == 0)
    #expect(try workplace.text("gh.log").contains("--method PATCH repos/o/r/issues/comments/42"))
  }

  @Test func gitHubShowsMistakesAtTheirLines() throws {
    let workplace = try Workplace()
    try workplace.change(Self.faulty)
    let (status, output) = try review(workplace)
    #expect(status != 0)
    #expect(output.contains("::error file=manifests/quickstart/workloads.yaml,line="))
    #expect(!workplace.exists("gh.log"))
  }

  @Test(arguments: [
    (harmless, 0, "[]"), (faulty, 1, "manifest/unknown-field"),
  ])
  func gitLabGetsAReportAndAPage(edit: String, status: Int32, finding: String) throws {
    let workplace = try Workplace()
    try workplace.change(edit)
    try workplace.publish()
    try workplace.fake("curl")
    let base = try workplace.run("git rev-parse main").output
    let head = try workplace.run("git rev-parse topic").output
    let script = try scripts("script", of: "gitlab-ci.yaml").joined(separator: "\n")
    let ended = try workplace.run(
      script,
      with: [
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base.trimmingCharacters(in: .newlines),
        "CI_COMMIT_SHA": head.trimmingCharacters(in: .newlines), "SETPOINT_TOKEN": "canary",
        "CI_API_V4_URL": "api", "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "2",
      ], expecting: 0...255)
    #expect(ended.status == status, "\(ended.output)")
    #expect(try workplace.text("clone/gl-code-quality-report.json").contains(finding))
    #expect(workplace.exists("clone/review.html") == (status == 0))
    #expect(workplace.exists("curl.log") == (status == 0))
  }

  @Test func whatIsStagedIsReviewedBeforeItIsCommitted() throws {
    let workplace = try Workplace()
    try workplace.run(
      "cp '\(Workplace.checkout.path)/docs/gitops/pre-commit' .git/hooks/pre-commit")
    try workplace.run("setpoint snapshot > ../snapshot.json")
    let variables = ["SETPOINT_SNAPSHOT": workplace.path("snapshot.json")]
    // What is only in the work tree is not what would be committed.
    try workplace.run("sed -i '\(Self.faulty)' manifests/quickstart/workloads.yaml")
    try workplace.run(
      "echo 1 > README.md && git add README.md && git commit -q -m note", with: variables)
    let refused = try workplace.run(
      "git add -A && git commit -q -m fault", with: variables, expecting: 1...1)
    #expect(refused.output.contains("unknown field 'replicsa'"))
    try workplace.run(
      "git checkout -q HEAD -- . && sed -i '\(Self.harmless)' manifests/quickstart/workloads.yaml")
    let passed = try workplace.run("git commit -q -a -m change", with: variables)
    #expect(passed.output.contains("Workload/finetune"))
  }
}
