import Foundation
import Testing

/// Where output leads to matters: what could not be shown is said, and not done.
@Suite struct OutputTests {
  static let printing = [
    "version", "schema", "completion bash", "explain workload", "validate web.yaml",
    "plan web.yaml", "plan web.yaml -o json", "status", "get nodes", "history", "events",
    "snapshot",
    "assess web.yaml",
  ]

  @Test(arguments: printing) func aFullDiskBehindItIsAnError(words: String) throws {
    let run = try Shell(["web.yaml": Small.service()]).run(words, output: .file("/dev/full"))
    #expect(run.status == 1)
    #expect(run.talk.contains("error[output/unwritable]"), "\(run.talk)")
  }

  @Test(arguments: printing) func aClosedPipeEndsItQuietly(words: String) throws {
    let run = try Shell(["web.yaml": Small.service()]).run(words, output: .closedPipe)
    #expect(run.status == 141)
    #expect(run.talk == "")
  }

  @Test func aPlanThatCouldNotBeShownIsNotApplied() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    #expect(try shell.run("apply web.yaml --yes", output: .file("/dev/full")).status == 1)
    #expect(try shell.run("apply web.yaml --yes", output: .closedPipe).status == 141)
    #expect(!shell.exists(".setpoint"))
  }

  @Test func schemasAreWrittenWholeOrNotAtAll() throws {
    let shell = try Shell(["file": "in the way"])
    #expect(try shell.run("schema --directory schemas").status == 0)
    #expect(try shell.bytes("schemas/queue.schema.json").count > 500)
    let run = try shell.run("schema --directory file/schemas")
    #expect(run.status != 0)
    #expect(run.talk.contains("can't be written"), "\(run.talk)")
  }

  @Test func coloursAreForTerminalsOnly() throws {
    let shell = try Shell(["web.yaml": Small.service()])
    for words in ["plan nowhere", "plan web.yaml", "apply web.yaml --yes", "get nodes"] {
      let run = try shell.run(words)
      #expect(!(run.output + run.talk).contains("\u{1B}"), "\(words)")
    }
  }
}
