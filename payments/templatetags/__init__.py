"""What the templates about money share."""
