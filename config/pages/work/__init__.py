"""The tutor's pages that read several packages."""
