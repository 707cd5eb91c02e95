"""What a manager does with projects, tasks and time."""
