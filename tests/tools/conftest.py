"""The tools stand beside the code, not among what is installed: this makes them importable."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
