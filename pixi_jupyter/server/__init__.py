"""What a Jupyter server gets from us."""
