"""What is benchmarked, trivial and linear predictors included."""
