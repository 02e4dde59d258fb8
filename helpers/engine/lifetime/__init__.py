"""The engine's lifetime: how it is found, who uses it, when it ends."""
