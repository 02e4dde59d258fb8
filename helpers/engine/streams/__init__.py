"""Event source mappings: shards, positions, batches."""
