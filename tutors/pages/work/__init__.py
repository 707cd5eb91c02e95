"""What a tutor sees of herself: qualifications, papers, availability."""
