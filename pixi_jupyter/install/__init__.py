"""What is on disk: prefixes made to hold what is locked, whole or as they were."""
