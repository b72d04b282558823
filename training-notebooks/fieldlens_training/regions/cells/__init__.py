"""Finds the cells in a photograph of one microscope field."""
