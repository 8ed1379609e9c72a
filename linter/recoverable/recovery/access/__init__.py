"""What principals can do to tables and their backups: capabilities, the ways to them, and what one loss takes away."""
