"""The domain's reasoning: what a table is for, what it takes to get it back, and what that costs."""
