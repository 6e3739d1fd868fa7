"""`python -m fglint`."""

from fglint.cli import main

main()
