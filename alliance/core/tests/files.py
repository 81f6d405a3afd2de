"""Small real files of every type that we take, and the means to make wrong ones."""

import io
import struct
import zipfile
import zlib

from openpyxl import Workbook

OFFICE = "application/vnd.openxmlformats-officedocument"
WORD = f"{OFFICE}.wordprocessingml.document.main+xml"
SLIDES = f"{OFFICE}.presentationml.presentation.main+xml"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def content_types(**types):
    """The list of types of an Office file: `document="…"` for word/document.xml, and so on."""
    rows = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{mime}"/>' for name, mime in types.items())
    return (
        f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    """A zip of {name: content}."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def docx(types=None, **parts):
    """A Word file; `parts` adds or replaces those under word/, `types` the list of types."""
    relationships = (
        f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>"
    )
    document = (
        f'{DECLARATION}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>Plan</w:t></w:r></w:p></w:body></w:document>"
    )
    contents = {"document.xml": document} | {name.replace("_", "."): content for name, content in parts.items()}
    return zipped(
        {
            "[Content_Types].xml": types or content_types(document=WORD),
            "_rels/.rels": relationships,
            **{f"word/{name}": content for name, content in contents.items()},
        }
    )


def pptx():
    return docx(types=content_types(document=SLIDES))


def xlsx():
    target = io.BytesIO()
    book = Workbook()
    book.active.append(["year", "permits"])
    book.save(target)
    return target.getvalue()


def chunk(kind, content):
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def png():
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0)),
            chunk(b"IDAT", zlib.compress(b"\0\xff")),
            chunk(b"IEND", b""),
        )
    )


def jpeg():
    segments = (
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        (0xDB, bytes(65)),
        (0xC0, b"\x08\0\1\0\1\1\1\x11\0"),
        (0xDA, b"\1\1\0\0\x3f\0"),
    )
    body = b"".join(struct.pack(">BBH", 0xFF, mark, len(text) + 2) + text for mark, text in segments)
    return b"\xff\xd8" + body + b"\x37\xff\xd9"


def pdf(trailer=b"", stream=False):
    """A PDF of one empty page; `trailer` goes into its trailer, which `stream` writes in the form of PDF 1.5."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
    )
    text, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", [0]
    for number, content in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(text)
    if stream:
        rows = b"".join(struct.pack(">BHB", 1, place, 0) for place in [*places, start])
        text += b"4 0 obj\n<< /Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R %b /Length %d >>\nstream\n%b\nendstream\n" % (
            trailer,
            len(rows),
            rows,
        )
        text += b"endobj\n"
    else:
        text += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places[1:])
        text += b"trailer\n<< /Size 4 /Root 1 0 R %b >>\n" % trailer
    return text + b"startxref\n%d\n%%%%EOF\n" % start


def csv():
    return b'city,permits\n"Saint Paul",12\nDuluth,7\n'


SAMPLES = {"pdf": pdf(), "docx": docx(), "xlsx": xlsx(), "pptx": pptx(), "csv": csv(), "png": png(), "jpg": jpeg()}
