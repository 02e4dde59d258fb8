"""What AWS means, without a cloud: signatures, policies, actions."""
