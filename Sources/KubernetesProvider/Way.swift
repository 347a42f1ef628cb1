import HTTP
import Model
import Planning

/// The way to one API server: who we are there, and patience with it.
///
/// What was refused before it was looked at, for there being too much to do, is asked again when the
/// server says so. What may have been carried out is not, unless it only reads.
actor Way {
  private let settings: KubernetesSettings
  private let surroundings: Surroundings
  private var open: Task<Result<Open, Failure>, Never>?

  private struct Open: Sendable {
    let server: Server
    let credential: Credential?
  }

  /// Objects of a page: a page of pods comes to some megabytes at most.
  static let pageMax = 500
  private static let restartsMax = 3
  static let answerBytesMax = 256 << 20
  private static let triesMax = 5
  private static let waitSecondsMax: Int64 = 10

  init(_ settings: KubernetesSettings, _ surroundings: Surroundings) {
    self.settings = settings
    self.surroundings = surroundings
  }

  /// Whatever the server says but that it has too much to do, or does not know us any more.
  func ask(
    _ method: Request.Method, _ path: String, query: [Request.Field] = [],
    type: String = "application/json", body: [UInt8] = []
  ) async throws(Failure) -> Answer {
    let isRead = method == .get
    var isKnown = true
    for tryNumber in 1... {
      let isLast = tryNumber == Self.triesMax
      let open = try await opened()
      let request = Request(
        method, path, query: query,
        headers: [.init("Accept", "application/json"), .init("User-Agent", "setpoint")]
          + (body.isEmpty ? [] : [.init("Content-Type", type)]),
        credential: open.credential, body: body,
        secondsMax: Int(clamping: max(1, settings.timeout.count)),
        answerBytesMax: Self.answerBytesMax)
      let answer: Answer
      do throws(Problem) { answer = try await open.server.answer(to: request) } catch {
        guard isRead, error.mayPass, !isLast, !Task.isCancelled else {
          throw error.failure(mayHaveHappened: !isRead)
        }
        await surroundings.wait(.seconds(1))
        continue
      }
      if answer.status == 401, isKnown {
        // A token has its time. Whoever gave it may have another one by now.
        isKnown = false
        self.open = nil
        continue
      }
      let refusal = answer.status == 429 || answer.status == 503 ? Refusal(answer) : nil
      guard let refusal, refusal.isOverload, !isLast, !Task.isCancelled else { return answer }
      let seconds = refusal.retryAfterSeconds ?? 1
      await surroundings.wait(.seconds(min(max(seconds, 1), Self.waitSecondsMax)))
    }
    throw .transient("the API server has too much to do")
  }

  /// Page by page; from the beginning where the server has forgotten what the next page is of.
  func list<Object>(
    _ path: String, _ query: [Request.Field] = []
  ) async throws(Failure) -> Listing<Object> {
    for _ in 0..<Self.restartsMax {
      var whole = Listing<Object>()
      var isExpired = false
      repeat {
        let limit = Request.Field("limit", "\(Self.pageMax)")
        let next = whole.next.map { [Request.Field("continue", $0)] } ?? []
        let answer = try await ask(.get, path, query: query + [limit] + next)
        guard answer.isSuccess else {
          let refusal = Refusal(answer)
          guard refusal.status == 410 else { throw refusal.failure(mayHaveHappened: false) }
          isExpired = true
          break
        }
        do { whole.append(try Listing(page: answer.body)) } catch {
          throw .transient("the API server's list of \(path) can't be read: \(error)")
        }
      } while whole.next != nil
      if !isExpired { return whole }
    }
    throw .transient("the API server forgets its list of \(path) before it is read")
  }

  /// One watch, to its end; whether it was one. What each line says, `take` judges; false ends it.
  func watch(
    _ path: String, _ query: [Request.Field], secondsMax: Int, lineBytesMax: Int,
    _ take: @escaping @Sendable (ArraySlice<UInt8>) async -> Bool
  ) async -> Bool {
    do {
      let open = try await opened()
      let request = Request(
        .get, path, query: query,
        headers: [.init("Accept", "application/json"), .init("User-Agent", "setpoint")],
        credential: open.credential, secondsMax: secondsMax, answerBytesMax: lineBytesMax)
      return try await open.server.lines(of: request, take).isSuccess
    } catch {
      // Whatever it was, a look that lists meets it as well, and tells of it.
      return false
    }
  }

  private func opened() async throws(Failure) -> Open {
    if let open { return try await open.value.get() }
    let task = Task { [settings, surroundings] in
      do throws(Failure) {
        let access = try await Access(settings, surroundings)
        let server: Server
        do throws(Problem) { server = try Server(Address(access.server), access.trust) } catch {
          throw .terminal("\(access.origin): \(error)")
        }
        return Result<Open, Failure>.success(Open(server: server, credential: access.credential))
      } catch { return Result<Open, Failure>.failure(error) }
    }
    open = task
    let result = await task.value
    // The file may be there, or be another, when it is looked for again.
    if case .failure = result { open = nil }
    return try result.get()
  }
}

extension Problem {
  /// Whether asking again may do.
  fileprivate var mayPass: Bool {
    switch self {
    case .refused, .busy, .lost: true
    case .unusable, .unresolved, .untrusted, .late, .tooLong: false
    }
  }
}
