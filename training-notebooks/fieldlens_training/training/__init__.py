"""Recipes, the training loop, what a run keeps on the disk, and distillation."""
