"""Rules: loading them, judging subjects by them, and running their examples."""
