"""Lab 04: a stream of clicks that is counted, and a table whose changes are events."""
