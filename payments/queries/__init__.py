"""Questions about money; nothing here writes."""
