"""One learner's session with one lab, from opening its sheet to recovering its cloud."""
