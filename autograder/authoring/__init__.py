"""New problem sets: their files, and a notebook's cells made from what is declared."""
