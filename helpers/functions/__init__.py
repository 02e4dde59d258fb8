"""The verbs that work on functions: package, deploy, invoke, read logs, count the cost."""
