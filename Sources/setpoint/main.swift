import Commands

await Setpoint.run()
