EVERY_ANSWER = {"Content-Type": "application/json"}
