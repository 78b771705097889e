"""The result of each verb as lines of text; one file per group of verbs."""
