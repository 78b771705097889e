"""The words of each command, as click reads them; one file per group of verbs."""
