"""Signature Version 4: what a signed request must carry, and the errors if it does not."""
