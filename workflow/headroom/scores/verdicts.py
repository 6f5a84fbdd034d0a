"""Published claims beside the same protocol run again and a sound one, with a verdict and its reason."""
