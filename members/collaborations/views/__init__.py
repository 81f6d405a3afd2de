"""The views of the collaborations, a module for each part of them."""
