"""How pages fare with Lighthouse as a slow phone would open them."""
