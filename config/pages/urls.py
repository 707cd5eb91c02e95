"""Addresses of pages that read several packages, below the site's root."""

from django.urls import URLPattern

pages: list[URLPattern] = []
