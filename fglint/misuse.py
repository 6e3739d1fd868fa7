"""Misuse: arguments, settings and files that fglint cannot work with. Status 2."""

from __future__ import annotations


class Misuse(Exception):
    """What was given cannot be used; each line of the message is one error, with its place."""
