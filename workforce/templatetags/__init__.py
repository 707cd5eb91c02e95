"""What the templates of all portals share."""
