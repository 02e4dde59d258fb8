"""Lab 03: jobs that run by the clock, and stand what happens to jobs."""
