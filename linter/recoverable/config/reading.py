"""Reads a configuration file: text to nodes, nodes against the schema, nodes to settings."""

from __future__ import annotations

from recoverable.config.settings import Level, Settings
from recoverable.rule import Fault


def load(root: str, explicit: str | None, names: tuple[str, ...]) -> Settings:
    raise NotImplementedError


def unknown_rule(name: str, level: Level, known: tuple[str, ...]) -> Fault:
    raise NotImplementedError
