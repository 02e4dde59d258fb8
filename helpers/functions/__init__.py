"""Work on Lambda functions: package, deploy and invoke them, read their logs, compute the cost."""
