"""Other front ends for the same tree."""
