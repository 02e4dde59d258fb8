"""Who may do what: policies and conditions, evaluated as AWS evaluates them."""
