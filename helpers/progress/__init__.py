"""Which exercises are passed: one learner's record, a class's, and the board that shows them."""
