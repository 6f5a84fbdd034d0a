"""Fitted models asked about whole recordings, and what they answer as a table."""
