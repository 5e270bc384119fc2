"""Participation per country as figures that are safe to show."""
