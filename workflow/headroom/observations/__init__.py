"""Sensors and noises: each file is one step from signal to signal."""
