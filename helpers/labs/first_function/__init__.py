"""Lab 01: the life of a function, from the file on your disk to an alias."""
