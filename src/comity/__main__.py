"""`python -m comity`: the command line."""

from comity.cli.main import main

main()
