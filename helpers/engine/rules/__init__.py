"""EventBridge rules, the clock they go by, and notifications."""
