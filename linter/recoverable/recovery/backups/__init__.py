"""Plans, selections, vaults and what really was backed up: what covers a table, how often, for how long, and where."""
