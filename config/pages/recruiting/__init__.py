"""The recruiter's pages that read several packages."""
