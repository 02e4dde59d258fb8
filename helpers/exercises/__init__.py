"""What an exercise is, and how its check comes to a verdict."""
