"""What AWS means, without a cloud: errors, policies, signatures, schedules, prices, log lines."""
