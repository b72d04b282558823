"""Comparisons and studies, with the plots and tables of the notebooks."""
