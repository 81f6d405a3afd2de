"""Where things are in a checkout."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def short_hash(text):
    """Return a short name for a long one, the same in every process."""
    return hashlib.sha256(str(text).encode("utf-8", "surrogateescape")).hexdigest()[:12]
