"""`python -m haidang` is the command line, also where the script is not on the PATH."""

from haidang.config.cli import main

main()
