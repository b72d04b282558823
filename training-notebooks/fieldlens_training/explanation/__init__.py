"""Which places of an image its score came from, and whether such a map can be relied on."""
