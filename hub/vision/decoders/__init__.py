"""One module per kind of detection head, each with a constant `DECODER`."""
