"""The views of the pathway, a module for each part of it."""
