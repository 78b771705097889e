"""What somebody else's environment would use, and what this person agreed to."""
