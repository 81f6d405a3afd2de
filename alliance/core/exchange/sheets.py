"""Tables as files, CSV and XLSX, from whatever program: to rows of texts, and back."""

import codecs
import csv
import io
import logging
import re
from datetime import datetime

import openpyxl
from django.utils.translation import gettext as _

from ..filetypes import MB, Refused, parts_of, recognize
from ..opendata import LIKE_A_FORMULA

logger = logging.getLogger(__name__)

SIZE = 5 * MB  # of a file, and in characters of what it holds
UNPACKED = 16 * MB  # of a workbook, which openpyxl takes a second for each 2 MB to read
ROWS = 2_000
LAST_ROW = 10 * ROWS  # with the blank ones, of which a workbook may claim any number
WIDTH = 40
LONGEST_TITLE = 31  # characters of the name of a sheet
LONGEST_CELL = 32_767  # characters, in XLSX; Excel and openpyxl cut off the rest
# Python's own limit of a field is 128 KB, less than the longest text that we export.
csv.field_size_limit(SIZE)

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
FORMULA = None  # what a cell with a formula, or with the error of one, reads as


class Unreadable(Exception):  # noqa: N818 - about the file, not about us
    """The file is no table that we can read; the text says why and what to do."""


class Unwritable(Exception):  # noqa: N818
    """A table does not fit into this kind of file; the text says what to do."""


def plain(text):
    """The text as both kinds of file can hold it: one kind of line end, no control characters."""
    return UNPRINTABLE.sub("", re.sub(r"\r\n?", "\n", text))


def escaped(text):
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if LIKE_A_FORMULA.match(text) else text


def unescaped(text):
    """What `escaped` was given."""
    return text[1:] if text.startswith("'") and LIKE_A_FORMULA.match(text) else text


# --- Writing ----------------------------------------------------------------------------------------------------------


def write(rows, kind, title):
    """Yield the bytes of a file of the rows of texts, `kind` "csv" or "xlsx"; raise Unwritable before the first.

    `title` is what the sheet of a workbook is called.
    """
    rows = ([escaped(plain(text)) for text in row] for row in rows)
    return write_csv(rows) if kind == "csv" else write_xlsx(rows, title)


def write_csv(rows):
    line = io.StringIO()
    writer = csv.writer(line)
    yield codecs.BOM_UTF8  # or Excel takes it for Windows-1252
    for row in rows:
        writer.writerow(row)
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def write_xlsx(rows, title):
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:LONGEST_TITLE])
    sheet.freeze_panes = "A2"
    for row in rows:
        if any(len(text) > LONGEST_CELL for text in row):
            raise Unwritable(_("Some text is longer than a cell of a workbook can be. Export as CSV."))
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return [file.getvalue()]


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(file):
    """The rows of an open binary file that are not blank, as (number, list of texts or FORMULA); raise Unreadable."""
    if file.size > SIZE:
        raise Unreadable(_("The file is larger than %(size)d MB. Divide it into several.") % {"size": SIZE // MB})
    start = file.read(4)
    file.seek(0)
    rows, size = [], 0
    for number, row in enumerate((read_xlsx if start == b"PK\3\4" else read_csv)(file), 1):
        if number > LAST_ROW:
            raise Unreadable(_("The sheet has very many empty rows. Copy the table into a new one."))
        texts = [text if text is FORMULA else unescaped(re.sub(r"\r\n?", "\n", text)) for text in row]
        if not any(text is FORMULA or text.strip() for text in texts):
            continue
        rows.append((number, texts))
        size += sum(len(text or "") for text in texts)
        if len(rows) > ROWS + 1:
            raise Unreadable(
                _("The file has more than %(rows)d rows. Divide it into several, and nothing was imported.")
                % {"rows": ROWS}
            )
        if size > SIZE:
            raise Unreadable(_("The file holds more text than we can take at once. Divide it into several."))
    if not rows:
        raise Unreadable(_("The file is empty."))
    return rows


def decoded(data):
    """The text of a CSV file, whose encoding must be beyond doubt: a guess would be wrong in some row nobody checks."""
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            _(
                "This is no workbook (XLSX), and no CSV file in UTF-8 either, from line %(line)d on. In Excel, choose "
                "“Save as” and “CSV UTF-8” or “Excel workbook”."
            )
            % {"line": line}
        ) from error
    if "\0" in text:
        raise Unreadable(_("This is no table: neither a workbook (XLSX) nor a CSV file."))
    return text


def rows_of(text):
    """Yield the cells of each row of a text, as texts or FORMULA; Unreadable where its quotation marks don't match.

    A tab in the first row stands between cells, else what is there most often: a comma or a semicolon.
    """
    heading = text.lstrip(" \r\n").partition("\n")[0]
    delimiter = "\t" if "\t" in heading else max(",;", key=heading.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in rows:
            yield [FORMULA if cell.lstrip().startswith("=") else cell for cell in row]
    except csv.Error as error:
        raise Unreadable(
            _("The quotation marks in line %(line)d don't match. Copy or save the table anew.")
            % {"line": rows.line_num}
        ) from error


def read_csv(file):
    return rows_of(decoded(file.read()))


def read_xlsx(file):
    try:
        if recognize(file).word != "xlsx":
            raise Unreadable(_("This is no table: neither a workbook (XLSX) nor a CSV file."))
        if sum(part.size for part in parts_of(file, file.size).values()) > UNPACKED:
            raise Unreadable(_("The file holds more text than we can take at once. Divide it into several."))
    except Refused as refused:
        raise Unreadable(str(refused)) from refused
    file.seek(0)
    try:
        workbook = openpyxl.load_workbook(file, read_only=True)
        sheet = workbook.worksheets[0]
        # Some programs declare a size that is not the sheet's, and what lies outside would go unread.
        sheet.reset_dimensions()
        # One column more than we take, so that a wider table shows.
        for row in sheet.iter_rows(max_col=WIDTH + 1):
            yield [text_of(cell) for cell in row]
    except Exception as error:
        # A broken part of a workbook may show as any error there is: openpyxl checks little.
        logger.info("A workbook could not be read", exc_info=True)
        raise Unreadable(_("This workbook is broken. Open it in your program and save it anew.")) from error


def text_of(cell):
    """What a cell of a workbook says: numbers without a needless fraction, dates as 2026-11-22."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        return FORMULA
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)
