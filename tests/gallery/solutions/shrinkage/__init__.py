"""The gallery's package."""
