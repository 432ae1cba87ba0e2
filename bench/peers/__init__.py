"""Peers and floors that the product is measured against; each runs in a process of its own."""
