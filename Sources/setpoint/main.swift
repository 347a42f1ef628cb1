import Commands

Setpoint.answerAtOnce()
await Setpoint.run()
