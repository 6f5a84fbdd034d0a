"""The things that travel between stages, and the protocols of the components that make them."""
