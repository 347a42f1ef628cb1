public import Balancing
public import Interfaces
public import Model
import Planning

/// Asks what the replicas of services have to do, where that says how requests are to be divided.
///
/// It remembers nothing but what went wrong: what becomes of the answers is decided elsewhere.
public actor LoadWatch {
  private let source: any LoadSource
  /// What kept the loads of a service from being known, in words.
  public private(set) var troubles: [WorkloadName: String] = [:]

  public static let interval = Seconds(15)
  /// By which a series says whose it is, as Prometheus does by itself of whom it asks.
  private static let label = "instance"
  /// Services that are asked for at the same time.
  private static let askedAtOnceMax = 16

  private struct Question: Sendable {
    var workload: WorkloadName
    var query: String
    var cluster: ClusterSpec
  }

  public init(source: any LoadSource) { self.source = source }

  /// Asks once for all services of `desired`; one answer for each cluster that is balanced by what is
  /// measured, in their order.
  public func look(at desired: DesiredState) async -> [EndpointLoads] {
    let clusters = desired.clusters.filter { $0.isBalanced && $0.prometheus != nil }
    let questions = clusters.flatMap { cluster in
      desired.workloads.compactMap { workload -> Question? in
        guard workload.mayRun(in: cluster.name) else { return nil }
        return workload.endpoint?.load.map {
          Question(workload: workload.name, query: $0, cluster: cluster)
        }
      }
    }
    let heard = await answers(of: questions, atOnce: Self.askedAtOnceMax) {
      [source] (question: Question) -> (Question, [String: Double], String?) in
      do throws(Failure) {
        let series = try await source.series(
          of: question.query, by: Self.label, in: question.cluster)
        return (question, series, nil)
      } catch {
        return (question, [:], "\(error)")
      }
    }
    troubles = [:]
    var services: [ClusterName: [WorkloadName: [String: Double]]] = [:]
    for (question, series, trouble) in heard {
      services[question.cluster.name, default: [:]][question.workload] = series
      if let trouble {
        troubles[question.workload] = max(trouble, troubles[question.workload] ?? "")
      }
    }
    return clusters.compactMap { cluster in
      services[cluster.name].map { EndpointLoads(cluster: cluster.name, services: $0) }
    }
  }
}
