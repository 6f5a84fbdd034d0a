"""Headroom: how far a model of neural dynamics is from its floor and from its ceiling."""

from headroom.environment import drop_foreign_packages

drop_foreign_packages()
