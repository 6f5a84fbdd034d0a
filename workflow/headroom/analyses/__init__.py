"""Tables behind figures, and the figures."""
