"""The page that a person reads first."""
