"""How Jupyter meets an environment: as a provisioner and in its list of kernels."""
