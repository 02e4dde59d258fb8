"""The course: the project's folders, and the labs in them."""
