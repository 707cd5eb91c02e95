"""Pages about people, their proof and their papers."""
