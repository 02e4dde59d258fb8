"""The `lab` command: its subcommands, and the work that they do."""
