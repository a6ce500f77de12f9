"""Measurements: what the server costs beside the smallest program that could do its work. See docs/performance.md."""
