"""Oracles: what knowing the equations allows."""
