"""Trains, measures and exports the networks that Fieldlens ships."""

__version__ = "0.1.0"
