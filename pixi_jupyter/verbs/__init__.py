"""One file for each verb: its request, its result, one async function."""
