import HTTP
import Synchronization

/// Which jobs of services have answered where their health is asked for. A job runs for Slurm as soon as
/// its command does, and a service may load for minutes then: until it has answered once, it is
/// starting. How it is afterwards is for whoever sends it requests to find out.
///
/// Of what has answered the job is remembered; who starts anew asks once more.
final class Answering: Sendable {
  struct Question: Hashable, Sendable {
    var job: Int64
    var address: String
    var port: Int
    var path: String
  }

  private let heard = Mutex<Set<Int64>>([])

  private static let secondsMax = 2
  private static let askedAtOnceMax = 64

  /// Those jobs that have not answered yet. Jobs that are not asked about are forgotten.
  func silent(among questions: [Question]) async -> Set<Int64> {
    let known = heard.withLock { heard in
      heard.formIntersection(questions.map(\.job))
      return heard
    }
    let open = questions.filter { !known.contains($0.job) }
    let answered = await withTaskGroup(of: Int64?.self) { group in
      var answered: Set<Int64> = []
      for (index, question) in open.enumerated() {
        if index >= Self.askedAtOnceMax, let job = await group.next() ?? nil {
          answered.insert(job)
        }
        group.addTask { await Self.answers(question) ? question.job : nil }
      }
      for await job in group { if let job { answered.insert(job) } }
      return answered
    }
    heard.withLock { $0.formUnion(answered) }
    return Set(open.map(\.job)).subtracting(answered)
  }

  /// Whether it answers with 2xx or 3xx, as a balancer would have it.
  private static func answers(_ question: Question) async -> Bool {
    let host = question.address.contains(":") ? "[\(question.address)]" : question.address
    do throws(Problem) {
      let server = try Server(try Address("http://\(host):\(question.port)"))
      let answer = try await server.answer(
        to: Request(.get, question.path, secondsMax: secondsMax, answerBytesMax: 1 << 20))
      return (200..<400).contains(answer.status)
    } catch {
      // Nobody is there yet, or what is there is not well yet.
      return false
    }
  }
}
