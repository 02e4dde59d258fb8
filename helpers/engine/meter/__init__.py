"""What each account has used, in the units that AWS bills."""
