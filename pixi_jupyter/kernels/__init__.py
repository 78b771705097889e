"""How kernels start: provisioner, launcher, and the list that a server shows."""
