"""The engine's lifetime: how it is found, who uses it, and when it ends."""
