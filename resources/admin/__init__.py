"""Curation of the library."""

from . import lists, resource

__all__ = ["lists", "resource"]
