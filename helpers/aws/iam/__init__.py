"""Authorization: policies and conditions, evaluated as AWS evaluates them."""
