"""Pages that read several packages."""
