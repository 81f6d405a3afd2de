"""What a file really holds: told by its bytes, never by its name or by what its sender says.

Nothing here trusts a size that a file declares of itself, keeps more than a few megabytes of it in memory, or takes
more than about a second.
"""

import codecs
import csv
import io
import re
import struct
import time
import xml.etree.ElementTree as ET
import zlib
from collections import namedtuple
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext_lazy as _

KB, MB = 1024, 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Type:
    """A type of file that we take. Its word is its extension too; TOLD_BY says how it is told."""

    word: str
    label: str
    mime: str


TYPES = {
    row.word: row
    for row in (
        Type("pdf", "PDF", "application/pdf"),
        Type("docx", "Word (DOCX)", f"{OFFICE}.wordprocessingml.document"),
        Type("xlsx", "Excel (XLSX)", f"{OFFICE}.spreadsheetml.sheet"),
        Type("pptx", "PowerPoint (PPTX)", f"{OFFICE}.presentationml.presentation"),
        Type("csv", "CSV (UTF-8)", "text/csv; charset=utf-8"),
        Type("png", "PNG", "image/png"),
        Type("jpg", "JPEG", "image/jpeg"),
    )
}


class Refused(Exception):  # noqa: N818 - a judgment, not a fault
    """The file is none that we take; the text says why, to whoever sent it."""


UNKNOWN = _("This file is broken, or of a type that we do not know.")
LOCKED = _("This file is encrypted. Save it without a password and without limits on its use.")
OLD_OR_LOCKED = _("This is an old Office file, or one with a password. Save it in the new format without a password.")
MACROS = _("This file holds macros. Save it without them.")
DOCTYPE = _("A part of this file begins with what no Office program writes. Save it anew.")
TOO_MUCH = _("This file unpacks to more than we can look through.")


def read(file, at, length):
    file.seek(max(at, 0))
    return file.read(length)


# --- How a type is told: each function returns its word or raises Refused ---------------------------------------------


def pdf(file, size):
    """A version, an end mark, and a trailer without a word of encryption (ISO 32000-1, 7.5)."""
    end = read(file, size - KB, KB)
    if not re.match(rb"%PDF-[12]\.\d", read(file, 0, 8)) or b"%%EOF" not in end:
        raise Refused(UNKNOWN)
    # Viewers mend a wrong address of the trailer, so that is no reason to refuse.
    if addresses := re.findall(rb"startxref\s+(\d{1,9})\s", end):
        trailer = re.split(rb"stream|startxref", read(file, int(addresses[-1]), 4 * MB), maxsplit=1)[0]
        if re.search(rb"/Encrypt\s*[\d<]", trailer):
            raise Refused(LOCKED)
    return "pdf"


def png(file, size):
    """A header of 13 bytes with its checksum first, the end mark last (ISO/IEC 15948, 5.3 and 11.2)."""
    header = read(file, 8, 25)
    whole = header[:8] == b"\0\0\0\rIHDR" and header[21:] == zlib.crc32(header[4:21]).to_bytes(4, "big")
    if not whole or read(file, size - 12, 12) != b"\0\0\0\0IEND\xaeB`\x82":
        raise Refused(UNKNOWN)
    return "png"


def jpeg(file, size):
    """A segment that another marker follows first, the end mark last (ITU-T T.81, annex B)."""
    marker, length = struct.unpack(">BH", read(file, 3, 3))
    whole = 0xC0 <= marker <= 0xFE and not 0xD0 <= marker <= 0xD9 and read(file, 4 + length, 1) == b"\xff"
    if not whole or read(file, size - 2, 2) != b"\xff\xd9":
        raise Refused(UNKNOWN)
    return "jpg"


def table(file, size):
    """UTF-8 text without control characters or markup, whose first rows, two or more, are of equal width."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    sample = ""
    for piece in iter(partial(file.read, 64 * KB), b""):
        text = decoder.decode(piece)
        if re.search(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text):
            raise Refused(UNKNOWN)
        sample = sample or text
    decoder.decode(b"", final=True)
    if not re.match(r"\s*(<[\w!?/]|#!)", sample):
        for delimiter in ",;\t|":
            rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
            if size > 64 * KB:
                rows = rows[:-1]  # the sample ends somewhere in the last one
            if len(rows) > 1 and {len(row) for row in rows} == {max(2, len(rows[0]))}:
                return "csv"
    raise Refused(UNKNOWN)


# A zip is read here and not by zipfile, which reads a directory of any size, lets parts overlap and stops reading a
# part where the file says so (APPNOTE.TXT, 4.3.12 and 4.3.16). A real Office file stays far below these limits.
DIRECTORY = MB
PARTS = 5_000
UNPACKED = 200 * MB
SECONDS = 1  # of CPU time: a packed stream can take long and yield nothing
END = struct.Struct("<4s8xLL2x")
ENTRY = struct.Struct("<4s4xHH8xLLHHH8xL")
STORED, DEFLATED = 0, 8
Part = namedtuple("Part", "method packed size at")
# Before its root element an XML part may hold comments and instructions, but no DOCTYPE and so no entities.
PROLOG = re.compile(r"(?:\ufeff|\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*<[\w:]", re.DOTALL)


def parts_of(file, size):
    """Return the parts of a zip by name, in small letters."""
    mark, length, at = END.unpack(read(file, size - END.size, END.size))
    if mark != b"PK\5\6" or at + length != size - END.size or length > DIRECTORY:
        raise Refused(UNKNOWN)
    directory, parts, at = read(file, at, length), {}, 0
    while at < length:
        mark, flags, method, packed, unpacked, name, extra, note, start = ENTRY.unpack_from(directory, at)
        at += ENTRY.size
        key = directory[at : at + name].decode("latin-1").lower()
        at += name + extra + note
        if flags & 1:
            raise Refused(LOCKED)
        if mark != b"PK\1\2" or method not in (STORED, DEFLATED) or key in parts:
            raise Refused(UNKNOWN)
        parts[key] = Part(method, packed, unpacked, start)
    if len(parts) > PARTS or sum(part.size for part in parts.values()) > UNPACKED:
        raise Refused(TOO_MUCH)
    if sum(part.packed for part in parts.values()) > size:
        raise Refused(UNKNOWN)
    return parts


def unpack(file, part):
    """Yield what a part really holds, in pieces; refuse it as soon as that is not what it declares."""
    at = part.at + 30 + sum(struct.unpack("<HH", read(file, part.at + 26, 4)))
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left = part.size
    for done in range(0, part.packed, 4 * KB):
        piece = read(file, at + done, min(4 * KB, part.packed - done))
        if part.method == DEFLATED:
            piece = inflater.decompress(piece)  # 4 MB at most: no stream unpacks to more than 1032 times its length
        left -= len(piece)
        if left < 0 or inflater.unused_data:
            raise Refused(TOO_MUCH)
        yield piece
    if left:
        raise Refused(UNKNOWN)


def begins_plainly(piece):
    encoding = "utf-16" if piece[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"
    return PROLOG.match(piece.decode(encoding, "ignore"))


def content_types(file, part):
    """Return (part or extension, type) of each row of `[Content_Types].xml`, in small letters (ECMA-376-2, 7.2.3)."""
    if not part or part.size > MB or part.packed > MB:
        raise Refused(UNKNOWN)
    text = b"".join(unpack(file, part))
    if not begins_plainly(text):
        raise Refused(DOCTYPE)
    return [
        ((row.get("PartName") or row.get("Extension", "")).lower(), row.get("ContentType", "").lower())
        for row in ET.fromstring(text)
    ]


def office(file, size):
    """A zip with main parts of one type, without macros, passwords, document types and bombs."""
    deadline = time.thread_time() + SECONDS
    parts = parts_of(file, size)
    rows = content_types(file, parts.pop("[content_types].xml", None))
    if any(re.search("macro|vba", mime) for _key, mime in rows) or any("vbaproject" in name for name in parts):
        raise Refused(MACROS)
    # A part has the type of its name or else of its extension; what is listed twice has both, as readers differ.
    keys = {key for key, _mime in rows}
    key_of = {name: f"/{name}" if f"/{name}" in keys else name.rpartition(".")[2] for name in parts}
    used = set(key_of.values())
    types = {mime for key, mime in rows if key in used}
    words = [word for word, row in TYPES.items() if f"{row.mime}.main+xml" in types]
    if len(words) != 1:
        raise Refused(UNKNOWN)
    xml = {key for key, mime in rows if mime.endswith("xml")}
    for name, part in parts.items():
        unseen_xml = key_of[name] in xml
        for piece in unpack(file, part):
            if unseen_xml and not begins_plainly(piece):
                raise Refused(DOCTYPE)
            unseen_xml = False
            if time.thread_time() > deadline:
                raise Refused(TOO_MUCH)
    return words[0]


def ole(file, size):
    raise Refused(OLD_OR_LOCKED)


# The first bytes of a file decide who looks further.
TOLD_BY = (
    (b"%PDF-", pdf),
    (b"PK\3\4", office),
    (b"\x89PNG\r\n\x1a\n", png),
    (b"\xff\xd8\xff", jpeg),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ole),
    (b"", table),
)


def recognize(file):
    """Return the Type of what an open binary file holds and leave the file at its start; raise Refused."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    start = read(file, 0, 8)
    tell = next(tell for signature, tell in TOLD_BY if start.startswith(signature))
    try:
        return TYPES[tell(file, size)]
    except (ValueError, LookupError, struct.error, zlib.error, ET.ParseError) as malformed:
        raise Refused(UNKNOWN) from malformed
    finally:
        file.seek(0)
