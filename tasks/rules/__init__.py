"""What holds for tasks, without a database and without a clock."""
