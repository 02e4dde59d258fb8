"""Lab 00: an object in a bucket, and a function in the notebook."""
