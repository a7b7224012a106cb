"""``python -m cli`` is ``samkorning``."""

from cli.main import main

main()
