"""Torch: modules and the one training engine. Imported by models only, inside the methods that need it."""
