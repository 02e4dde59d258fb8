"""Building blocks for checks, shared by all labs."""
