/// Chooses: what runs where, which nodes come and go, and in which order.
///
/// Pure, sticky and idempotent: it keeps earlier choices unless it has a reason to move something, and
/// planning again on its own result changes nothing. The steps run in a fixed order, each in a file of
/// its own: what stands → what leaves → what is wanted → where it goes → what is given back → the
/// target → the effect.
public enum Planner {
  public static func plan(_ input: PlanningInput) -> Plan {
    let standing = Standing(input)
    let leaving = Leaving(standing, input)
    let wants = Wants(standing, leaving, input)
    let arrangement = Arrangement(wants, standing, leaving, input)
    let target = arrangement.target(standing, wants, input)
    return Plan(Effect(of: target, arrangement, standing, leaving, wants, input).content)
  }
}
