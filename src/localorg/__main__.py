"""``python -m localorg`` is the command ``localorg``."""

from localorg.cli import main

main()
