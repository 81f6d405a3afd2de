"""Curation of the library."""

from . import lists, resource, suggestion

__all__ = ["lists", "resource", "suggestion"]
