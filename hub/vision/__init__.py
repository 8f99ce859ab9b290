"""Sees e-bikes in pictures: models from files, decoded and run in a child process with limits.

Nothing here decides what an e-bike in a picture means; that is `hub.rules`. Photos need neither
models nor numpy: import from the modules what you need, and nothing comes along.
"""
