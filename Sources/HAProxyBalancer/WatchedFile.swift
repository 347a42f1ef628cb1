import Glibc
import Planning

/// A file that another program reads: it is there as a whole, or as it was before.
///
/// Whether that program has heard of its last change is kept beside it, so that it also is known where
/// the process that made the change died in between.
struct WatchedFile {
  let path: String

  static let bytesMax = 64 << 20

  init(_ path: String) { self.path = path }

  private var mark: String { path + ".unheard" }
  private var part: String { path + ".part" }

  var isUnheard: Bool {
    var status = stat()
    return unsafe lstat(mark, &status) == 0
  }

  /// Nil where there is none.
  func read() throws(Failure) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("can't be read")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= Self.bytesMax {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("can't be read") }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
    }
    throw .terminal("\(path) has more than \(Self.bytesMax) bytes: is it the right file?")
  }

  /// Puts `text` in its place, with the permissions that it had.
  func replace(with text: String, unheard: Bool) throws(Failure) {
    if unheard { try write("", to: mark, mode: 0o644) }
    var status = stat()
    let mode = unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o644
    try write(text, to: part, mode: mode)
    guard unsafe rename(part, path) == 0 else {
      let failure = failure("can't be put in place")
      unsafe unlink(part)
      throw failure
    }
    if !unheard { markHeard() }
  }

  func markHeard() { unsafe unlink(mark) }

  private func write(_ text: String, to path: String, mode: mode_t) throws(Failure) {
    unsafe unlink(path)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
    let descriptor = unsafe open(path, flags, mode)
    guard descriptor >= 0 else { throw failure("can't be written") }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes[start...].withUnsafeBytes { rest in
        unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("can't be written") }
      start += count
    }
    // Whatever umask there is: HAProxy reads it as somebody else.
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
      throw failure("can't be written")
    }
  }

  /// In the system's words; permissions and disks are mended by people, and the next try finds out.
  private func failure(_ what: String) -> Failure {
    let words = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return .transient("\(path) \(what): \(words)")
  }
}
