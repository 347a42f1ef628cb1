import Glibc

extension POSIX {
  /// What lets others than its owner at a file, in words; nil where nothing does. A file that can't be
  /// looked at says so itself.
  static func opennessOfFile(_ path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      return "can't be looked at: \(Problem.last.text)"
    }
    let others = status.st_mode & (S_IRWXG | S_IRWXO)
    guard others != 0 else { return nil }
    let mode = String(status.st_mode & 0o777, radix: 8)
    return "has mode \(mode): others than its owner can use it; say 'chmod 600'"
  }

  /// Whether there is anything at `path`, be it a link that leads nowhere.
  static func isAnythingThere(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 || errno != ENOENT
  }
}
