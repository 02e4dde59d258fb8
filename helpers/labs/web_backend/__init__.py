"""Lab 02: the shop's catalogue and carts behind a REST API."""
