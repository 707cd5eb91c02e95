"""What a tutor sees of her pay."""
