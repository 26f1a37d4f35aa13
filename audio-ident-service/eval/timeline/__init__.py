"""Recordings with known truth, and how well a timeline tells who plays when in them."""
