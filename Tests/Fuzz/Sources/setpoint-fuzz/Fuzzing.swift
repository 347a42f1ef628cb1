import Glibc

/// `SUBJECT=manifests setpoint-fuzz [libFuzzer's options] [CORPUS | INPUT]…`: the subject stands in the
/// environment, because the arguments are libFuzzer's, as is `main`, which calls this with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  unsafe subject.test(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

private let subject: Subject = {
  let name = unsafe getenv("SUBJECT").map { unsafe String(cString: $0) }
  if let subject = name.flatMap(Subject.init) { return subject }
  print("SUBJECT is one of", Subject.allCases.map(\.rawValue).joined(separator: ", "))
  exit(64)
}()
