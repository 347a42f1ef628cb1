print("setpoint")
