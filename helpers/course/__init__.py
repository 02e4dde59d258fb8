"""What the course is made of: the project's folders and the labs in them."""
