"""Random changes of a batch of images, for training and for simulated shifts of validation."""
