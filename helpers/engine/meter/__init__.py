"""The usage of each account, in the units that AWS bills."""
