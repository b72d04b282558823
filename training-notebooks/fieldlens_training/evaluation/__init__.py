"""Figures on labelled images: metrics, calibration, operating points, recognition."""
