"""A conda channel made from this interpreter and what is installed beside it.

Nothing is fetched: the interpreter becomes the package ``python``, and installed
distributions become packages that can be solved, locked and linked like any
other. It is what the demo and the tests run on, and what a machine without
network can offer.
"""
