"""Readers: text or JSON in, estate out. Pure: they open nothing themselves."""
