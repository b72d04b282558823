"""The package that the browser loads: graph, shards, manifest, and checks of what was written."""
