"""Reports: one small module a format, each a function from Report to text."""
