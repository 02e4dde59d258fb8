"""Event source mappings: their workers, queues, shards and batches."""
