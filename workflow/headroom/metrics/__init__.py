"""Scores as values of sums, and intervals by resampling those sums."""
