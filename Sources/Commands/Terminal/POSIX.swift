import CMalloc
import Glibc

/// The few calls to the system that the command line makes itself. Foundation would do them too, and
/// cost every start its loading.
enum POSIX {
  /// Why a call failed, in the system's words.
  struct Problem: Error {
    let code: Int32

    /// The last call's.
    static var last: Problem { Problem(code: errno) }

    var isClosedPipe: Bool { code == EPIPE }

    var isLackOfRoom: Bool { code == ENOSPC || code == EDQUOT }

    var text: String {
      guard let words = unsafe strerror(code) else { return "error \(code)" }
      return unsafe String(cString: words)
    }
  }

  static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// For a process that lives long. Left to itself, malloc gives each thread arenas of its own, and what
  /// an answer of megabytes leaves free in one is of no use to the others: the process grows for as long
  /// as it runs. So there are two of them, and whatever is large goes back to the system.
  static func keepMemoryFlat() {
    let large: Int32 = 128 << 10
    _ = mallopt(M_ARENA_MAX, 2)
    _ = mallopt(M_MMAP_THRESHOLD, large)
    _ = mallopt(M_TRIM_THRESHOLD, large)
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal behind `descriptor`.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Writes all of it.
  static func write(_ text: String, to descriptor: Int32) throws(Problem) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { rest in
        unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last }
      start += count
    }
  }

  enum FileType { case file, directory, other }

  /// What a path leads to, links followed, with an identity that two paths to one file share.
  static func status(_ path: String) throws(Problem) -> (type: FileType, identity: FileIdentity) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last }
    let identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    switch status.st_mode & S_IFMT {
    case S_IFREG: return (.file, identity)
    case S_IFDIR: return (.directory, identity)
    default: return (.other, identity)
    }
  }

  /// Whether a path leads to anything.
  static func isThere(_ path: String) -> Bool {
    do throws(Problem) {
      _ = try status(path)
      return true
    } catch {
      // What can't be looked at can't be written over either, and that is told then.
      return error.code != ENOENT
    }
  }

  struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  /// The names in a directory, sorted by their bytes.
  static func names(in directory: String) throws(Problem) -> [String] {
    guard let stream = unsafe opendir(directory) else { throw .last }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The bytes of a file, at most one more than `bytesMax`: whoever reads them says that it is too
  /// large.
  static func read(_ path: String, bytesMax: Int) throws(Problem) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    return try read(descriptor, bytesMax: bytesMax)
  }

  static func read(_ descriptor: Int32, bytesMax: Int) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= bytesMax {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last }
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return Array(bytes.prefix(bytesMax + 1))
  }

  /// Writes a file that only its owner can read. It is there as a whole, or as it was before. What is
  /// there and no file, such as a pipe, is written to.
  static func create(_ path: String, _ text: String) throws(Problem) {
    if isDevice(path) { return try fill(path, text) }
    let part = path + ".part"
    let descriptor = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last }
    do throws(Problem) {
      defer { close(descriptor) }
      try write(text, to: descriptor)
      guard fsync(descriptor) == 0 else { throw .last }
    } catch {
      unsafe unlink(part)
      throw error
    }
    guard unsafe rename(part, path) == 0 else {
      let problem = Problem.last
      unsafe unlink(part)
      throw problem
    }
  }

  private static func isDevice(_ path: String) -> Bool {
    do throws(Problem) { return try status(path).type == .other } catch { return false }
  }

  private static func fill(_ path: String, _ text: String) throws(Problem) {
    let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last }
    defer { close(descriptor) }
    try write(text, to: descriptor)
  }

  /// From now on a closed pipe fails the write instead of ending the process in the middle of its work.
  static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }

  /// The machine's name, as others know this process's home.
  static var hostName: String {
    var name = [UInt8](repeating: 0, count: 256)
    let isKnown = unsafe name.withUnsafeMutableBytes { buffer in
      guard let start = buffer.baseAddress else { return false }
      return unsafe gethostname(start, buffer.count - 1) == 0
    }
    guard isKnown else { return "an unknown host" }
    return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
  }

  static var processID: Int32 { getpid() }

  /// Seconds of the real clock since 1970.
  static var seconds: Int64 { Int64(time(nil)) }

  /// The directory that a path lies in; empty for the current one.
  static func directory(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }

  /// Makes a directory and those above it, for its owner only.
  static func makeDirectory(_ path: String) throws(Problem) {
    var prefix = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      prefix += (prefix.isEmpty || prefix.hasSuffix("/") ? "" : "/") + part
      guard unsafe mkdir(prefix, 0o700) == 0 || errno == EEXIST else { throw .last }
    }
  }
}
