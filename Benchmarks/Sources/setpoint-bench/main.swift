// One file for each subcommand; this one only chooses.

let arguments = Arguments(CommandLine.arguments.dropFirst())
switch arguments.command {
case "autoscale": benchmarkAutoscale(arguments)
case "consolidate": benchmarkConsolidate(arguments)
case "fleet": writeFleet(arguments)
case "openb": benchmarkOpenb(arguments)
case "preempt": benchmarkPreempt(arguments)
case "provision": benchmarkProvision(arguments)
case "read": benchmarkReading(arguments)
case "throughput": benchmarkThroughput(arguments)
case "tick": benchmarkTick(arguments)
default:
  print(
    """
    usage: setpoint-bench COMMAND

      autoscale   [--days N] [--lead SECONDS] [--seed S] [--json]
                  following load curves, beside target tracking
      consolidate [--instances N] [--nodes N] [--replicas M] [--json]
                  giving nodes back: small fleets against brute force, and a large one timed
      fleet       [--workloads N] [--replicas M] [--nodes K] [--ranges]
                  [--directory DIRECTORY]
                  manifests of a whole company, for Benchmarks/plan
      openb       --nodes FILE --pods FILE --arrivals FILE 
                  [--mode online|batch|migrate] [--moves N] [--shuffle-nodes SEED] [--json]
                  share of the GPUs of a trace that placing fills
      preempt     [--instances N] [--seed S] [--nodes N] [--preemptors M] [--json]
                  victims: small instances against all sets of them, a large one timed
      provision   --pods FILE --types FILE [--bound DOLLARS] [--json]
                  cost of the nodes bought for a batch
      read        [--megabytes N] [--rounds N] [--json]
                  manifests: bare libyaml events in C, the tree, the specs
      throughput  [--nodes N] [--replicas M] [--sweep [--replicas-per-node R]] [--json]
                  CPU time of scheduling a mixed fleet
      tick        [--nodes N] [--replicas M] [--changed K] [--json]
                  CPU time of taking in K changes, against scheduling all anew
    """)
}
