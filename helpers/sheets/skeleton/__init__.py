"""Templates of the files that a new lab begins with."""
