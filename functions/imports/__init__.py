"""Lists from other programs, brought into the database row by row."""
