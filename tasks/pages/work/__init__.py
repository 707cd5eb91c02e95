"""What a tutor does with tasks."""
