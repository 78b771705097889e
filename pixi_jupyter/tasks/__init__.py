"""Tasks: what the manifest says of them, in which order they run, and as what text.

Nothing here starts a process, but for the rooms that say so in their first line.
"""
