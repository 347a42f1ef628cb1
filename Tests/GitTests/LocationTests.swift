import Git
import Testing

@Suite struct LocationTests {
  @Test(arguments: [
    (
      "file:///srv/fleet.git@main:manifests", "file:///srv/fleet.git", "refs/heads/main",
      "manifests"
    ),
    ("git+https://git.example/a/b@team/x", "https://git.example/a/b", "refs/heads/team/x", "."),
    ("https://bot@git.example/a@refs/tags/v1:", "https://bot@git.example/a", "refs/tags/v1", "."),
    (
      "ssh://git@git.example:22/a.git@main:a/b", "ssh://git@git.example:22/a.git",
      "refs/heads/main", "a/b"
    ),
    ("file:///a%40b@main:x@y:z", "file:///a%40b", "refs/heads/main", "x@y:z"),
    ("git://127.0.0.1:9418/a@main:m", "git://127.0.0.1:9418/a", "refs/heads/main", "m"),
    ("git://[::1]/a@main", "git://[::1]/a", "refs/heads/main", "."),
  ])
  func saysRepositoryRefAndPath(text: String, url: String, ref: String, path: String) throws {
    let location = try GitLocation(text)
    #expect([location.url, location.ref, location.path] == [url, ref, path])
    #expect(try GitLocation(location.description) == location)
  }

  @Test(arguments: [
    ("/srv/fleet.git@main", GitLocation.Fault.shape), ("", .shape), ("https://", .shape),
    ("https://git.example/a", .shape), ("https:///a@main", .shape),
    ("file://host/a@main", .shape), ("file:///@main", .shape), ("https://@h/a@main", .shape),
    ("ssh://-oProxyCommand=x/a@main", .shape), ("ssh://-x@h/a@main", .shape),
    ("https://a@b@c/d@main", .shape), ("file:///a b@main", .shape), ("file:///a\n@main", .shape),
    ("file:///a\\b@main", .shape), ("file:///\(String(repeating: "a", count: 3000))@main", .shape),
    ("http://git.example/a@main", .scheme("http")), ("git://h/a@main", .scheme("git")),
    ("git://localhost.evil.example/a@main", .scheme("git")),
    ("git://localhost:1x/a@main", .scheme("git")), ("git://me@localhost/a@main", .scheme("git")),
    ("ext::sh -c x", .shape), ("git+ext://sh/a@main", .scheme("git+ext")),
    ("HTTPS://git.example/a@main", .scheme("HTTPS")),
    ("https://bot:hunter2@git.example/a@main", .secret),
    ("https://git.example/a?token=x@main", .secret), ("https://git.example/a#x@main", .secret),
    ("file:///a@", .ref("")), ("file:///a@-x", .ref("-x")), ("file:///a@a..b", .ref("a..b")),
    ("file:///a@--upload-pack=x", .ref("--upload-pack=x")),
    ("file:///a@main.lock", .ref("main.lock")), ("file:///a@a^", .ref("a^")),
    ("file:///a@refs/", .ref("refs/")), ("file:///a@ma*n", .ref("ma*n")),
  ])
  func whatCouldMeanSomethingElseIsRefused(text: String, fault: GitLocation.Fault) {
    #expect(throws: fault) { try GitLocation(text) }
  }
}
