"""Weights learned from labelled texts: which sets are learned from, how, and how they do on a set left out."""
