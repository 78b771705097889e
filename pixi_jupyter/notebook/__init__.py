"""A notebook's own environment: metadata, script blocks, places, scan, verify."""
