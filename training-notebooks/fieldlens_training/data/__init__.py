"""Images on the disk: tasks, folders, patients, splits, loading, generated test images."""
