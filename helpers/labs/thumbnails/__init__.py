"""Lab 05: a bucket of photos, a function with Pillow, and a bucket of thumbnails."""
