"""The terminal: the command tree run in this process."""
