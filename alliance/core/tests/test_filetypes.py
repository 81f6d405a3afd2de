"""What a file holds is told by its bytes; whatever else it is gets refused, quickly."""

import io
import struct
import time
import zipfile
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance.core import filetypes
from alliance.core.filetypes import MB, TYPES, Refused, recognize

from . import files
from .files import DECLARATION, SAMPLES, WORD, content_types, docx, zipped

LARGE = 25 * MB
BOMB = b"\0" * (filetypes.UNPACKED + 1)


def refusal(content):
    """Why `content` is refused; fails if it is taken, or if that takes long."""
    began = time.thread_time()
    with pytest.raises(Refused) as refused:
        recognize(io.BytesIO(content))
    assert time.thread_time() - began < 1.5
    return refused.value.args[0]


# --- taken ---


@pytest.mark.parametrize("word", TYPES)
def test_every_type_is_told_by_its_content_and_the_file_is_left_at_its_start(word):
    file = io.BytesIO(SAMPLES[word])
    assert (recognize(file), file.tell()) == (TYPES[word], 0)


def test_the_types_are_those_that_the_library_takes():
    office = "application/vnd.openxmlformats-officedocument"
    assert {word: row.mime for word, row in TYPES.items()} == {
        "pdf": "application/pdf",
        "docx": f"{office}.wordprocessingml.document",
        "xlsx": f"{office}.spreadsheetml.sheet",
        "pptx": f"{office}.presentationml.presentation",
        "csv": "text/csv; charset=utf-8",
        "png": "image/png",
        "jpg": "image/jpeg",
    }


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfcity,permits\r\nSaint Paul,12\r\n",
        "Straße;Größe\nA;1\n".encode(),
        b"a\tb\n1\t2\n",
        b"a|b\n1|2",
        b'note,year\n"two\nlines, and a comma",2014\n',
        b"name,code\n" + b"Saint Paul,651\n" * 20_000,
    ],
    ids=["mark", "semicolons", "tabs", "bars", "quotes", "long"],
)
def test_a_table_may_be_written_in_every_usual_way(text):
    assert recognize(io.BytesIO(text)).word == "csv"


@pytest.mark.parametrize(
    "content",
    [
        docx(types=content_types(document=WORD).replace("application/xml", WORD)),
        docx(types=content_types().replace("application/xml", WORD)),
        docx(item1_xml='<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")),
        docx(item1_xml=b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a --> <?b c?>\n<a>&amp;</a>"),
        docx(image1_png=SAMPLES["png"], image2_emf=bytes(70_000) + b"\1" * 70_000),
        docx(document_xml="<a>" + "".join(f"<b>{number}</b>" for number in range(50_000)) + "</a>"),
        docx(types=content_types(document=WORD).replace("UTF-8", "UTF-16").encode("utf-16")),
    ],
    ids=[
        "main type is default too",
        "main type is default only",
        "utf-16 part",
        "comments",
        "pictures",
        "long",
        "utf-16 list",
    ],
)
def test_a_word_file_may_be_written_in_every_usual_way(content):
    assert recognize(io.BytesIO(content)).word == "docx"


@pytest.mark.parametrize("size", range(65_536 - 300, 65_536 + 300, 13))
def test_a_part_of_any_length_is_read_to_its_end(size):
    assert recognize(io.BytesIO(docx(item1_bin=b"ab" * (size // 2)))).word == "docx"


def test_a_pdf_whose_trailer_can_not_be_found_is_taken_as_viewers_take_it():
    assert recognize(io.BytesIO(files.pdf().replace(b"startxref\n2", b"startxref\n9"))).word == "pdf"


@pytest.mark.parametrize("stream", [False, True])
def test_a_pdf_with_a_word_of_encryption_elsewhere_is_no_encrypted_one(stream):
    content = files.pdf(b"/EncryptMetadata true", stream)
    end = content[content.rindex(b"startxref") :]
    content += b"5 0 obj\n(/Encrypt 9 0 R)\nendobj\n" + end
    assert recognize(io.BytesIO(content)).word == "pdf"


# --- refused: no such type ---


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a",
        b"plain words, and no table\n",
        b"one column\n1\n2\n",
        b"a,b\n1,2,3\n",
        "a,b\nMontréal,2\n".encode("latin-1"),
        "a,b\n1,2\n".encode("utf-16"),
        b"a,b\n1,\x00\n",
        b"a,b\n1,\x1b[31m\n",
        "a,b\n1,\x85\n".encode(),
        b"a,b\n" + b"1,2\n" * 20_000 + b"\xff",
        b"a,b\n" + b"1,2\n" * 20_000 + b"\xc3",
        b"<!doctype html><p>one, two\n<p>three, four\n",
        b" \n<svg xmlns='http://www.w3.org/2000/svg'>,\n<script>alert(1,2)</script>\n",
        b"\xef\xbb\xbf<p>one, two\n<p>three, four\n",
        b"<?php echo 1,\n2; ?>,\n",
        b"#!/bin/sh -e,\necho a,b\n",
        b"alert(1, 2);\n",
        b"MZ\x90\0\3\0\0\0",
        b"\x7fELF\2\1\1\0",
        b"GIF89a/*" + b"\x3b" * 20 + b"*/=1,2;\nalert(3,4);\n\0",
        b"%!PS-Adobe-3.0\n",
    ],
)
def test_what_is_no_table_is_no_csv_either(content):
    assert refusal(content) == filetypes.UNKNOWN


@pytest.mark.parametrize(
    "content",
    [
        b"\n" + SAMPLES["pdf"],
        b"GIF89a=1;/*" + SAMPLES["pdf"],
        SAMPLES["pdf"].replace(b"%PDF-1.7", b"%PDF-9.7"),
        SAMPLES["pdf"].removesuffix(b"%%EOF\n"),
        SAMPLES["pdf"] + b"<script>alert(1)</script>" * 50,
        SAMPLES["png"][:-1],
        SAMPLES["png"] + b"<script>alert(1)</script>",
        SAMPLES["png"][:8] + files.chunk(b"IDAT", bytes(13)) + files.chunk(b"IEND", b""),
        SAMPLES["png"].replace(b"\0\0\0\1\x08", b"\0\0\0\2\x08"),
        SAMPLES["png"][:8],
        SAMPLES["jpg"][:-1],
        SAMPLES["jpg"] + b"<script>alert(1)</script>",
        SAMPLES["jpg"].replace(b"\xff\xe0\0\x10", b"\xff\xe0\0\x0f"),
        SAMPLES["jpg"].replace(b"\xff\xe0\0\x10", b"\xff\xd8\0\x10"),
        SAMPLES["jpg"][:4],
    ],
)
def test_a_file_that_begins_late_or_ends_early_or_late_is_refused(content):
    assert refusal(content) == filetypes.UNKNOWN


# --- refused: locked ---


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("trailer", [b"/Encrypt 9 0 R", b"/ID [<00> <00>] /Encrypt<< /Filter /Standard >>"])
def test_an_encrypted_pdf_is_refused_by_its_trailer(trailer, stream):
    assert refusal(files.pdf(trailer, stream)) == filetypes.LOCKED


def test_the_last_trailer_of_a_pdf_counts():
    first = files.pdf()
    update = b"xref\n0 0\ntrailer\n<< /Size 4 /Encrypt 9 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(first)
    assert refusal(first + update) == filetypes.LOCKED


def test_an_encrypted_zip_is_refused():
    content = bytearray(SAMPLES["docx"])
    content[content.index(b"PK\1\2") + 8] |= 1
    assert refusal(bytes(content)) == filetypes.LOCKED


def test_the_container_of_old_and_of_locked_office_files_is_refused():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)) == filetypes.OLD_OR_LOCKED


# --- refused: macros ---


def listing_twice(*types):
    rows = "".join(f'<Override PartName="/word/a.bin" ContentType="{mime}"/>' for mime in types)
    return content_types(document=WORD).replace("</Types>", f"{rows}</Types>")


@pytest.mark.parametrize(
    "content",
    [
        docx(types=content_types(document="application/vnd.ms-word.document.macroEnabled.main+xml")),
        docx(types=content_types(document=WORD, vbaProject="application/vnd.ms-office.vbaProject")),
        docx(types=content_types(document=WORD, sheet1="application/vnd.ms-excel.macrosheet+xml")),
        docx(vbaProject_bin=b"\0"),
        docx(types=listing_twice("application/vnd.ms-office.vbaProject", "application/octet-stream")),
    ],
    ids=["type of the file", "type of a part", "old macros of Excel", "name of a part", "one of two types of a part"],
)
def test_macros_are_refused(content):
    assert refusal(content) == filetypes.MACROS


# --- refused: XML that could define entities ---

BILLION = (
    '<!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><a>&a9;</a>"
)


@pytest.mark.parametrize(
    "text",
    [
        BILLION,
        DECLARATION + BILLION,
        f"<!-- {'x' * 100} -->{BILLION}",
        f"<!-- {'x' * 100_000} -->{BILLION}",
        "<?a ?>" * 10_000 + BILLION,
        '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
        f'<?xml version="1.0" encoding="utf-16"?>{BILLION}'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a><a/>',
        b'<?xml version="1.0" encoding="cp037"?>' + BILLION.encode("cp037"),
    ],
    ids=["bare", "declared", "comment", "long comment", "instructions", "outside", "utf-16", "utf-7", "ebcdic"],
)
@pytest.mark.parametrize("part", ["the list of types", "the document", "another part", "unpacked"])
def test_a_document_type_is_refused_in_every_part(part, text):
    content = {
        "the list of types": lambda: docx(types=text),
        "the document": lambda: docx(document_xml=text),
        "another part": lambda: docx(settings_xml=text),
        "unpacked": lambda: zipped({"[Content_Types].xml": content_types(document=WORD), "word/document.xml": text}, 0),
    }[part]()
    assert refusal(content) == filetypes.DOCTYPE


def test_a_part_is_xml_by_its_type_whatever_its_name():
    assert refusal(docx(types=listing_twice(WORD, "image/png"), a_bin=BILLION)) == filetypes.DOCTYPE


# --- refused: zips that are no Office file, or more than one ---


def office_parts():
    return {"[Content_Types].xml": content_types(document=WORD), "word/document.xml": "<a/>"}


def entry(name, packed, size, at, method=8, flags=0):
    return struct.pack("<4s4xHH8xLLHHH8xL", b"PK\1\2", flags, method, packed, size, len(name), 0, 0, at) + name


def header(name):
    return struct.pack("<4s22xHH", b"PK\3\4", len(name), 0) + name


def closed(content, entries):
    """The content of a zip with its directory behind it, written by hand."""
    directory = b"".join(entries)
    return content + directory + struct.pack("<4s8xLLH", b"PK\5\6", len(directory), len(content), 0)


@pytest.mark.parametrize(
    "content",
    [
        zipped({"readme.txt": "a"}),
        zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
        docx(types=content_types()),
        docx(types=content_types(document=f"{files.OFFICE}.wordprocessingml.template.main+xml")),
        docx(types=content_types(document=WORD, other=files.SLIDES), other_xml="<a/>"),
        docx(types=content_types(elsewhere=WORD)),
        docx(types="<Types>"),
        docx(types='<?xml version="1.0" encoding="nothing"?><Types/>'),
        docx(types='<?xml version="1.0" encoding="utf-7"?><Types/>'),
        zipped({"inner.docx": SAMPLES["docx"]}),
        b"#!/bin/sh\nexit\n" + SAMPLES["docx"],
        b"PK\3\4" + SAMPLES["docx"],
        SAMPLES["docx"] + b"<script>",
        SAMPLES["docx"][:-2] + b"\x08\0<script>",
        SAMPLES["docx"][:-1],
        SAMPLES["docx"].replace(b"PK\5\6", b"<script>PK\5\6"),
        SAMPLES["docx"].replace(b"PK\5\6", b"PK\5\7"),
        SAMPLES["docx"].replace(b"PK\1\2", b"PK\1\3"),
        b"PK\3\4",
        closed(b"PK\3\4", [entry(b"[Content_Types].xml", 0, 0, 0)] * 2),
        zipped(office_parts(), zipfile.ZIP_LZMA),
    ],
)
def test_a_zip_that_is_no_office_file_or_more_than_one_is_refused(content):
    assert refusal(content) == filetypes.UNKNOWN


# --- refused: bombs ---


def test_a_zip_that_unpacks_to_too_much_is_refused():
    assert refusal(docx(document_xml=b"<a>" + BOMB)) == filetypes.TOO_MUCH


def test_many_parts_that_unpack_to_too_much_together_are_refused():
    parts = {f"{number}_bin": bytes(filetypes.UNPACKED // 40) for number in range(40)}
    assert refusal(docx(**parts)) == filetypes.TOO_MUCH


def forged(content, name, size):
    """The zip with another size of a part in both of its records, and the checksum of what is then left of it."""
    content = bytearray(content)
    info = zipfile.ZipFile(io.BytesIO(content)).getinfo(name)
    directory = content.rindex(name.encode(), 0, content.rindex(b"PK\5\6")) - 46
    checksum = zlib.crc32(zipfile.ZipFile(io.BytesIO(content)).read(name)[:size])
    for at in (info.header_offset + 14, directory + 16):
        content[at : at + 4] = checksum.to_bytes(4, "little")
        content[at + 8 : at + 12] = size.to_bytes(4, "little")
    return bytes(content)


def test_a_bomb_that_declares_a_small_size_is_refused_even_if_zipfile_is_content():
    content = forged(docx(document_xml=b"<a>" + bytes(100 * MB) + b"</a>"), "word/document.xml", 1_000)
    assert len(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")) == 1_000
    assert refusal(content) == filetypes.TOO_MUCH


def test_a_list_of_types_that_declares_a_small_size_is_unpacked_no_further():
    content = forged(docx(types=content_types(document=WORD) + " " * 100 * MB), "[Content_Types].xml", 1_000)
    assert refusal(content) == filetypes.TOO_MUCH


def test_a_part_packed_in_a_way_that_office_files_do_not_know_is_refused():
    content = bytearray(zipped({"word/a.bin": "a", **office_parts()}, zipfile.ZIP_STORED))
    assert recognize(io.BytesIO(content)).word == "docx"
    content[content.index(b"PK\1\2") + 10] = 12
    assert refusal(bytes(content)) == filetypes.UNKNOWN


def test_a_part_with_something_behind_its_end_is_refused():
    packed = zlib.compress(b"a")[2:-4] + b"<script>"
    content = zipped(office_parts(), zipfile.ZIP_STORED)
    at, end = content.index(b"PK\1\2"), content.rindex(b"PK\5\6")
    added = header(b"word/a.bin") + packed
    assert refusal(closed(content[:at] + added, [content[at:end], entry(b"word/a.bin", len(packed), 1, at)])) == (
        filetypes.TOO_MUCH
    )


def test_a_part_that_holds_less_than_it_declares_is_refused():
    assert refusal(forged(SAMPLES["docx"], "word/document.xml", 10_000)) == filetypes.UNKNOWN


def test_a_list_of_types_without_end_is_refused():
    assert refusal(docx(types=content_types(document=WORD) + " " * 2 * MB)) == filetypes.UNKNOWN


def test_parts_that_share_the_same_bytes_are_refused():
    names = [b"[Content_Types].xml", *(b"%d.xml" % number for number in range(1_000))]
    kernel = zlib.compress(bytes(150_000), 9)[2:-4]
    content = header(b"kernel") + kernel
    entries = [entry(name, len(kernel), 150_000, 0) for name in names]
    assert refusal(closed(content, entries)) == filetypes.UNKNOWN


def test_nested_bombs_stay_packed():
    inner = zipped({"0": bytes(100 * MB)})
    for _ in range(3):
        inner = zipped({str(number): inner for number in range(10)})
    assert recognize(io.BytesIO(docx(inner_zip=inner))).word == "docx"


def test_a_zip_of_more_parts_than_any_office_file_has_is_refused():
    assert refusal(docx(**{f"{number}_bin": b"" for number in range(filetypes.PARTS)})) == filetypes.TOO_MUCH


def test_a_zip_with_a_larger_directory_than_any_office_file_has_is_refused():
    assert refusal(docx(**{f"{number}{'a' * 60_000}_bin": b"" for number in range(20)})) == filetypes.UNKNOWN


def test_a_file_of_nothing_but_a_directory_is_refused():
    entries = [entry(b"%x" % number, 0, 0, 0) for number in range(LARGE // 51)]
    assert refusal(closed(b"PK\3\4", entries)) == filetypes.UNKNOWN


def empty_blocks():
    """A packed stream of 24 MB that unpacks to nothing at all: blocks with a table of codes and no symbol in them."""
    bits, length = 0, 0

    def put(value, width):
        nonlocal bits, length
        bits |= value << length
        length += width

    for _ in range(4):
        put(0b100, 3)  # not the last block, with codes of its own
        put(0, 10)
        put(14, 4)  # lengths of 18 of the 19 codes: 1 bit for "many zeros" (the third) and for "one" (the eighteenth)
        for place in range(18):
            put(place in (2, 17), 3)
        for run in (127, 107):
            put(run << 1 | 1, 8)
        put(0b000, 3)  # a code for the end of the block, one for distances, and the end
    return bits.to_bytes(length // 8, "little") * (24 * MB // (length // 8))


@pytest.mark.parametrize("name", [b"[Content_Types].xml", b"word/a.bin"])
def test_a_stream_that_takes_long_and_yields_nothing_is_given_up(name):
    packed = empty_blocks()
    types = content_types(document=WORD).encode()
    document = header(b"word/document.xml") + b"<a/>"
    listing = b"" if name == b"[Content_Types].xml" else header(b"[Content_Types].xml") + types
    content = document + listing + header(name) + packed
    entries = [
        entry(b"word/document.xml", 4, 4, 0, method=0),
        entry(name, len(packed), 1_000, len(document) + len(listing)),
    ]
    if listing:
        entries.append(entry(b"[Content_Types].xml", len(types), len(types), len(document), method=0))
    assert zlib.decompressobj(-15).decompress(packed[: 90 * 100]) == b""
    assert refusal(closed(content, entries)) in (filetypes.TOO_MUCH, filetypes.UNKNOWN)


@pytest.mark.parametrize(
    "content",
    [
        bytes(LARGE),
        b"," * LARGE,
        b'a,"' + b"\n" * LARGE,
        b"a,b\n" * (LARGE // 4) + b"\0",
        b"%PDF-1.7\n" + b"trailer /Encrypt 9 " * (LARGE // 20) + b"startxref\n10\n%%EOF",
        b"%PDF-1.7\n" + b"startxref 9\n" * (LARGE // 12),
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IDAT" * (LARGE // 8),
        b"\xff\xd8" * (LARGE // 2),
        b"PK\3\4" + b"PK\5\6" * (LARGE // 4),
        b"PK\1\2" * (LARGE // 4),
        docx(types="<a>" * (MB // 3)),
        docx(types="<Types>" + "<a/>" * (MB // 4 - 10) + "</Types>"),
    ],
    ids=[
        "zeros",
        "commas",
        "lines",
        "late nul",
        "pdf",
        "ends",
        "chunks",
        "markers",
        "zip ends",
        "entries",
        "deep",
        "wide",
    ],
)
def test_a_hostile_file_of_full_size_is_refused_quickly(content):
    assert refusal(content) in (filetypes.UNKNOWN, filetypes.LOCKED)


# --- no bytes whatever do harm ---


def judged(content):
    """Whether recognize() gives a type or its own refusal; anything else that it raises comes through."""
    file = io.BytesIO(content)
    try:
        return recognize(file) in TYPES.values()
    except Refused as refused:
        return bool(str(refused))


STARTS = [signature for signature, _tell in filetypes.TOLD_BY] + [b"%PDF-1.7 %%EOF startxref 0 ", b"a,b\n1,2\n"]


@settings(deadline=1_000, max_examples=400)
@given(st.sampled_from(STARTS), st.binary(max_size=2_000), st.sampled_from([b"", b"PK\5\6" + bytes(18), b"\xff\xd9"]))
@example(b"", b"", b"")
def test_any_bytes_are_taken_or_refused(start, middle, end):
    assert judged(start + middle + end)


@settings(deadline=1_000, max_examples=400)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 40), st.binary(max_size=20)), min_size=1, max_size=4),
)
def test_any_damage_to_a_real_file_is_taken_or_refused(word, cuts):
    content = SAMPLES[word]
    for at, length, put in cuts:
        at %= len(content) + 1
        content = content[:at] + put + content[at + length :]
    assert judged(content)


@settings(deadline=1_000, max_examples=400)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.sampled_from(["types", "document_xml"]))
def test_any_part_of_an_office_file_is_taken_or_refused(text, part):
    assert judged(docx(**{part: text or b" "}))


@settings(deadline=1_000, max_examples=400)
@given(
    st.lists(
        st.builds(
            entry,
            st.sampled_from([b"[Content_Types].xml", b"a.xml", b"\xff", b""]),
            *[st.integers(0, 100) | st.integers(0, 2**32 - 1)] * 3,
            st.integers(0, 14),
            st.integers(0, 2**16 - 1),
        ),
        max_size=4,
    ),
    st.binary(max_size=200),
)
def test_any_directory_of_a_zip_is_taken_or_refused(entries, content):
    assert judged(closed(b"PK\3\4" + content, entries))
