"""Pages about client work."""
