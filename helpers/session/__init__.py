"""A learner's session in a lab: its account, its folder, its checks, and how it recovers."""
