"""What was decided: the lock file, what it says and whether it still holds."""
