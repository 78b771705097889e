"""Environments as other tools write them."""
