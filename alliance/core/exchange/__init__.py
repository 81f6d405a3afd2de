"""Rows in and out as tables: `sheets` reads and writes files, `columns` says what may stand in a cell, `table` puts
columns together and says how a row is known again, `plan` compares a table with what is here and imports it.

Each app names its tables in `exchange.py`. Of our own rather than a library's: what is exported must come back as it
was (django-import-export drops the first sign of a text that looks like a formula), in bulk (its bulk mode knows no
relations), all or nothing, and with a preview.
"""

from .columns import Choice, Column, Items, Name, Number, Tie, Ties, YesOrNo
from .plan import Plan, preview
from .sheets import ROWS, SIZE, Unreadable, Unwritable, read, write
from .table import Table

__all__ = [
    "ROWS",
    "SIZE",
    "Choice",
    "Column",
    "Items",
    "Name",
    "Number",
    "Plan",
    "Table",
    "Tie",
    "Ties",
    "Unreadable",
    "Unwritable",
    "YesOrNo",
    "preview",
    "read",
    "write",
]
