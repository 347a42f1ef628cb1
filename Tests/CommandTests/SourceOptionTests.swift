import Testing

/// What can't be followed is refused before anything is fetched.
@Suite struct SourceOptionTests {
  @Test(arguments: [
    ("/srv/a", "source/invalid-location"), ("http://h/a@main", "source/unknown-scheme"),
    ("ext::sh@main", "source/invalid-location"), ("https://h/a@-x", "source/invalid-location"),
    ("https://u:canary@h/a@main", "source/secret"),
  ])
  func whatIsNoSourceIsRefused(text: String, code: String) throws {
    let shell = try Shell()
    let run = try shell.run("run --once --source \(text)")
    #expect(run.status == 1 && run.talk.contains("error[\(code)]"), "\(run.talk)")
    #expect(!run.talk.contains("canary"))
    #expect(!shell.exists(".setpoint"))
  }

  @Test(arguments: [
    "--verify ssh", "--source file:///a@main --verify ssh", "--source file:///a@main --signers x",
    "--source file:///a@main --verify gpg --signers x --revoked y", "--fetch-every 5s",
  ])
  func optionsThatDoNotGoTogetherAreUsageErrors(words: String) throws {
    #expect(try Shell().run("run --once \(words)").status == 64)
  }
}
