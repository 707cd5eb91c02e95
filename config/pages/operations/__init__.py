"""The manager's pages that read several packages."""
