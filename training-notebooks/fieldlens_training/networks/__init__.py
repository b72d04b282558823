"""The networks, their ImageNet weights, and the candidates that notebook 05 compares."""
