"""The only doors to what we did not write."""
