"""What work asks of the people that a recruiter looks at."""
