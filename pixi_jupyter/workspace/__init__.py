"""A workspace that is open: its files, its solution, its prefixes."""
