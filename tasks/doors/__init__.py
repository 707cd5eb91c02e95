"""What this floor's doors share."""
