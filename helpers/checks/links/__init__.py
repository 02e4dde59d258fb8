"""The links of a trigger chain, each with its whole diagnosis."""
