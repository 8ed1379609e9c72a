"""The recovery picture as one page for a browser: its parts, its looks and what moves on it."""
