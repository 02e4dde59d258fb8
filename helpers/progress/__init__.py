"""The exercises passed: a learner's record, that of a class, and the boards that show them."""
