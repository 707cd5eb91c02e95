"""What a recruiter does with people."""
