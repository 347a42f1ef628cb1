import Git

/// Whatever the names, what is read stays below the path that was asked for.
func testTree(_ bytes: [UInt8]) {
  let limits = GitLimits(fileBytesMax: 1 << 20, filesMax: 1000, totalBytesMax: 64 << 20)
  guard let listing = try? GitListing(bytes, of: "fleet", limits) else { return }
  require(listing.files.count <= limits.filesMax, "more files than the limit")
  for file in listing.files {
    let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
    let isSafe = !parts.contains { ["", ".", ".."].contains($0) || $0.lowercased() == ".git" }
    require(isSafe && !file.path.utf8.contains { $0 < 0x20 }, "unsafe: \(file.path)")
    require(file.bytes <= limits.fileBytesMax, "too large: \(file.path)")
  }
}
