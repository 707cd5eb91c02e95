"""Pages that belong to no portal and read several packages."""
