"""A trained network as a list of layers, with weights in few bits."""
