"""Lab 06: a receiver of webhooks, from a forged payment to the change of a secret."""
