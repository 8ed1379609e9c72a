"""Audits over time: what is new, what was fixed, and how long the rest has been open."""
