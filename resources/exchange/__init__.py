"""Resources in and out as tables: `sheets` reads and writes files, `columns` says what stands in them, `plan` imports.

Of our own rather than a library's: what is exported must come back as it was (django-import-export drops the first sign
of a text that looks like a formula), in bulk (its bulk mode knows no relations), all or nothing, and with a preview.
"""

from .columns import COLUMNS, table
from .plan import Plan, named
from .sheets import ROWS, SIZE, Unreadable, Unwritable, read, write

__all__ = ["COLUMNS", "ROWS", "SIZE", "Plan", "Unreadable", "Unwritable", "named", "read", "table", "write"]
