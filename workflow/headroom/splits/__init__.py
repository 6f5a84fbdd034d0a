"""Which examples may be seen when."""
