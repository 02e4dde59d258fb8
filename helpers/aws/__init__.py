"""AWS's rules, without a cloud: errors, policies, signatures, schedules, prices and log lines."""
