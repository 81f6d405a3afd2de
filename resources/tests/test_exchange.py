"""Tables in and out: what is exported comes back as it was; what is imported is shown first, and is all or nothing."""

import codecs
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.core import exchange
from alliance.core.exchange import sheets
from alliance.core.tests import tables
from alliance.core.tests.admin_forms import messages
from alliance.core.tests.factories import make_curator, make_user, sign_in
from alliance.core.tests.tables import cells, counts, csv_of, csv_of_dicts, errors, refusal, xlsx_of
from cohorts.tests.factories import make_jurisdiction
from members.partners.tests.factories import make_partner
from resources.exchange import RESOURCES as TABLE
from resources.models import Resource

from .factories import make_resource, make_topic

pytestmark = pytest.mark.django_db

IMPORT, PREVIEW, RESOURCES = (f"/admin/resources/resource/{rest}" for rest in ("import/", "import/preview/", ""))
EXPORT = RESOURCES + "export/"
KINDS = (
    "toolkit, guide, action_plan (Action plan), policy, report, case_study (Case study), training, "
    "data_tool (Data tool), video, other"
)
UNTOUCHED = {"created_at", "updated_at"}


@pytest.fixture
def ada(client):
    ada = make_curator(name="Ada")
    sign_in(client, ada)
    return ada


def upload(client, data, name="table.csv"):
    return tables.upload(client, Resource, data, name)


def confirm(client, response, **boxes):
    return tables.confirm(client, Resource, response, **boxes)


def everything():
    """All that the table of resources and their ties hold."""
    ties = ("topics", "mentions", "contributed_by_jurisdictions", "contributed_by_partners")
    return [
        (values, [sorted(getattr(resource, name).values_list("pk", flat=True)) for name in ties])
        for resource, values in zip(
            Resource.objects.order_by("pk"), Resource.objects.order_by("pk").values(), strict=True
        )
    ]


def exported(client, kind, query=""):
    return tables.exported(client, Resource, kind, query)


ROW = {"slug": "fair-budgets", "title": "Fair budgets", "kind": "guide", "url": "https://example.org/budgets"}


def table_of(*rows):
    """A CSV file of dicts, each laid over ROW."""
    return csv_of_dicts(*(ROW | row for row in rows))


# --- Out and back ---


STRANGE = {
    "title": '=HYPERLINK("https://evil.example")',
    "publisher": "-2+3 Ärzte, “Straße”; 東京 🌍",
    "authors": ["@ida", "O'Neil; Ann", "'+quoted", "Smith, Jr."],
    "summary": "'tis so\r\nline two\n\n\ttabbed",
    "body": "+" * 40 + "\x0b\x1f and _x000D_ " + "long " * 5000,
    "license": "'=already escaped",
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_read_back_changes_nothing(client, ada, kind):
    town, lab = make_jurisdiction(name="Govtown"), make_partner()
    topics = [make_topic(), make_topic()]
    make_resource(
        **STRANGE, topics=topics, mentions=[town], contributed_by_jurisdictions=[town], contributed_by_partners=[lab],
        year=2014, last_verified_on="2020-02-29", url_is_copy=True, status="archived", stage="organize",
        sources=["https://example.org/a;b", "https://example.org/?c=1; "],
    )  # fmt: skip
    make_resource(title="\tTab first", summary="\r\n=1+1", authors=[], url="", body="Text")
    make_resource(title=" Blanks around ", publisher="'", license="''='")
    before = everything()
    response = upload(client, exported(client, kind), f"table.{kind}")
    assert counts(response) == {"same": 3}
    assert "there is nothing to import" in response.content.decode()
    confirm(client, response)
    assert everything() == before
    assert Resource.history.filter(history_user=ada).count() == 0


def test_no_cell_of_an_export_is_a_formula(client, ada):
    for title in ("=1", "+1", "-1", "@a", "\tb", "\rc", " =d", "'=e", "＝f", "'tis plain"):
        make_resource(title=title)
    assert {row["title"] for row in cells(exported(client, "csv"))} == {
        "'=1", "'+1", "'-1", "'@a", "'\tb", "'\nc", "' =d", "''=e", "'＝f", "'tis plain",
    }  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_an_export_says_everything_in_one_row(client, ada):
    town, lab = make_jurisdiction(slug="govtown-mn"), make_partner(slug="lab")
    housing, budgets = make_topic(slug="housing"), make_topic(slug="budgets")
    make_resource(
        slug="one", title="One", kind="action_plan", publisher="City", authors=["Ida", "Pauli"], year=2014,
        language="es", url="https://example.org", url_is_copy=True, summary="S", body="B", stage="organize",
        topics=[housing, budgets], contributed_by_jurisdictions=[town], contributed_by_partners=[lab], mentions=[town],
        license="CC BY 4.0", last_verified_on="2020-02-29", sources=["https://a.example", "https://b.example"],
    )  # fmt: skip
    assert cells(exported(client, "csv")) == [
        {
            "slug": "one", "title": "One", "kind": "action_plan", "publisher": "City", "authors": "Ida; Pauli",
            "year": "2014", "language": "es", "url": "https://example.org", "url_is_copy": "yes", "summary": "S",
            "body": "B", "stage": "organize", "topics": "budgets; housing",
            "contributed_by_jurisdictions": "govtown-mn", "contributed_by_partners": "lab", "mentions": "govtown-mn",
            "license": "CC BY 4.0", "last_verified_on": "2020-02-29",
            "sources": "https://a.example; https://b.example", "status": "published",
        }
    ]  # fmt: skip


def test_an_export_takes_the_list_as_it_is_filtered(client, ada):
    make_resource(slug="draft", status="draft")
    make_resource(slug="public")
    assert [row["slug"] for row in cells(exported(client, "csv", "?status__exact=draft"))] == ["draft"]
    assert client.get(f"{EXPORT}csv/?nothing__here=1").status_code == 302
    assert client.get(f"{EXPORT}pdf/").status_code == 404


def test_an_export_asks_the_same_questions_for_1_and_for_30(client, ada, django_assert_num_queries):
    make_resource(topics=[make_topic()])
    with django_assert_num_queries(14):
        exported(client, "csv")
    for _ in range(29):
        make_resource(topics=[make_topic()])
    with django_assert_num_queries(14):
        assert len(cells(exported(client, "csv"))) == 30


def test_a_text_too_long_for_a_workbook_is_exported_as_csv_only(client, ada):
    make_resource(body="x" * 32_768)
    assert messages(client.get(f"{EXPORT}xlsx/", follow=True)) == [
        "Some text is longer than a cell of a workbook can be. Export as CSV."
    ]
    assert len(cells(exported(client, "csv"))[0]["body"]) == 32_768


# --- In: what is read ---


def test_a_table_makes_drafts_and_changes_what_is_here_after_a_yes(client, ada):
    topic, town = make_topic(name="Housing", slug="housing"), make_jurisdiction(name="Govtown", slug="govtown-mn")
    present = make_resource(slug="present", title="Present", publisher="City", year=2014, topics=[topic])
    new = {
        "slug": "fresh", "title": "Brand new words", "kind": "Action plan", "publisher": "", "authors": "Ida; Pauli",
        "year": "2021", "url_is_copy": "Yes", "topics": "Housing", "mentions": "govtown-mn; ", "status": "",
        "last_verified_on": "2026-01-31", "sources": "https://a.example; https://b.example",
    }  # fmt: skip
    old = {
        "slug": "present", "title": "Present", "kind": "toolkit", "url": present.url, "publisher": "Town", "topics": "",
        "year": "2014", "url_is_copy": "no", "status": "archived",
    }  # fmt: skip
    response = upload(client, table_of(new, old))
    assert counts(response) == {"new": 1, "changed": 1}
    changed = response.context["plan"].written[1]
    assert (changed.number, changed.changes) == (
        3,
        [("publisher", "City", "Town"), ("topics", "housing", ""), ("publication", "published", "archived")],
    )
    assert Resource.objects.count() == 1

    assert messages(confirm(client, response)) == ["1 row is new. 1 row was changed."]
    made = Resource.objects.get(slug="fresh")
    assert (made.title, made.kind, made.status, made.authors) == (
        "Brand new words", "action_plan", "draft", ["Ida", "Pauli"],
    )  # fmt: skip
    assert (made.year, made.url_is_copy, made.language) == (2021, True, "en")
    assert (made.last_verified_on, made.sources) == (date(2026, 1, 31), ["https://a.example", "https://b.example"])
    assert (list(made.topics.all()), list(made.mentions.all())) == ([topic], [town])
    present.refresh_from_db()
    assert (present.publisher, present.status, list(present.topics.all())) == ("Town", "archived", [])


def test_an_import_is_one_version_of_each_resource_by_who_said_yes(client, ada):
    topic = make_topic(slug="housing")
    present = make_resource(slug="present", topics=[topic])
    rows = [{"topics": "housing"}, {"slug": "present", "title": "Other", "kind": "toolkit", "topics": ""}]
    confirm(client, upload(client, table_of(*rows)), are_others="on")
    made = Resource.objects.get(slug="fair-budgets")
    assert [(v.history_type, v.history_user, v.history_change_reason) for v in made.history.all()] == [
        ("+", ada, "Imported from a table.")
    ]
    newest, before = present.history.all()[:2]
    assert (newest.history_type, newest.history_user, newest.topics.count()) == ("~", ada, 0)
    assert (before.history_user, before.topics.count()) == (None, 1)
    assert sorted(LogEntry.objects.values_list("object_id", "action_flag", "user")) == sorted(
        [(str(made.pk), 1, ada.pk), (str(present.pk), 2, ada.pk)]
    )


def test_a_row_may_publish_and_the_day_is_kept(client, ada):
    confirm(client, upload(client, table_of({"status": "published"})))
    made = Resource.objects.get()
    assert (made.status, made.published_at is None) == ("published", False)


def test_a_missing_column_leaves_the_field_and_an_empty_cell_empties_it(client, ada):
    present = make_resource(slug="present", publisher="City", license="CC BY 4.0")
    confirm(client, upload(client, csv_of(["slug", "license"], ["present", ""])))
    present.refresh_from_db()
    assert (present.publisher, present.license) == ("City", "")


def test_a_workbook_is_read_as_people_fill_it_in(client, ada):
    heading = ["slug", "title", "kind", "url", "year", "last_verified_on", "url_is_copy", "publisher", None]
    row = ["fresh", "Title", "guide", "https://example.org", 2014.0, datetime(2026, 1, 31), True, 311, None]
    confirm(client, upload(client, xlsx_of(heading, [None] * 9, row), "table.xlsx"))
    made = Resource.objects.get()
    assert (made.year, made.last_verified_on, made.url_is_copy, made.publisher) == (
        2014,
        date(2026, 1, 31),
        True,
        "311",
    )


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_tables_of_many_programs_are_understood(client, ada, encoding, mark, delimiter, line_end):
    lines = ["slug", "title", "kind", "url"], ["fresh", '"Égalité, 東京; ""go"""', "guide", "https://example.org"]
    text = line_end.join(delimiter.join(line) for line in lines)
    confirm(client, upload(client, mark + text.encode(encoding)))
    assert Resource.objects.get().title == 'Égalité, 東京; "go"'


# --- In: what is refused, in words ---


def bomb():
    """A workbook of 20 KB that unpacks to 60 MB."""
    file = io.BytesIO(xlsx_of(["slug"], ["a"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", "<a>" + " " * (60 * 1024 * 1024) + "</a>")
    return file.getvalue()


BAD_ENCODING = (
    "This is no workbook (XLSX), and no CSV file in UTF-8 either, from line {} on. In Excel, choose “Save as” and “CSV "
    "UTF-8” or “Excel workbook”."
)
NOT_CLEAR = "Some rows have errors or may mean more than one. Nothing was imported."
NO_SLUG = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
NO_ADDRESS = "Enter a web address that starts with http:// or https://."
HEAD = "slug,title,kind,url\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\n \n,,\n", "The file is empty."),
        (codecs.BOM_UTF8, "The file is empty."),
        (b"slug,title\n", "The table has no rows below the names of its columns."),
        (b"title,kind\nA,guide\n", "A column is missing by which we know a row again: slug."),
        (b"slug,titel,,Art\na,b,c,d\n", "Unknown columns: titel, (no name), art."),
        (b"slug,title,Slug\na,b,c\n", "These columns stand there twice: slug."),
        (b"slug,title\na,b,c\n", "Row 2 has more cells than there are columns."),
        (HEAD.encode() + "a,Égalité,guide,\n".encode("cp1252"), BAD_ENCODING.format(2)),
        (HEAD.encode() + "a,é,guide,\n".encode() + "b,é,guide,\n".encode("cp1252"), BAD_ENCODING.format(3)),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x41", BAD_ENCODING.format(1)),
        (b'slug,title\na,"b\n', "The quotation marks in line 2 don't match. Copy or save the table anew."),
        (b"\x89PNG\r\n\x1a\n\x00", BAD_ENCODING.format(1)),
        (b"a\0b", "This is no table: neither a workbook (XLSX) nor a CSV file."),
        (b"PK\3\4 and nothing else", "This file is broken, or of a type that we do not know."),
        (bomb(), "The file holds more text than we can take at once. Divide it into several."),
        (
            HEAD.encode() + b"a,b,guide,\n" * 2001,
            "The file has more than 2000 rows. Divide it into several, and nothing was imported.",
        ),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB. Divide it into several."),
        (csv_of([f"c{number}" for number in range(41)], ["a"]), "The table has more than 40 columns."),
    ],
)
def test_what_is_no_table_of_resources_is_refused_with_the_reason(client, ada, data, words):
    response = upload(client, data)
    assert (response.status_code, refusal(response)) == (200, words)
    assert not Resource.objects.exists()


def with_sheet(data, *changes):
    """The workbook with each (old, new) replaced in the XML of its sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as whole, zipfile.ZipFile(file, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            for old, new in changes if name == "xl/worksheets/sheet1.xml" else ():
                assert old in content
                content = content.replace(old, new)
            changed.writestr(name, content)
    return file.getvalue()


def test_a_broken_workbook_is_refused(client, ada):
    data = with_sheet(xlsx_of(["slug"], ["a"]), (b"</sheetData>", b"</teehsData>"))
    assert refusal(upload(client, data, "table.xlsx")) == (
        "This workbook is broken. Open it in your program and save it anew."
    )


def test_a_workbook_that_claims_a_million_empty_rows_is_refused_at_once(client, ada):
    data = with_sheet(xlsx_of(["slug"], ["a"]), (b'<row r="2"', b'<row r="1048576"'), (b'"A2"', b'"A1048576"'))
    assert refusal(upload(client, data, "table.xlsx")) == (
        "The sheet has very many empty rows. Copy the table into a new one."
    )


def test_rows_outside_of_the_size_that_a_workbook_declares_are_read(client, ada):
    rows = [[slug, f"{slug} " * 9, "guide", f"https://{slug}.example"] for slug in ("first", "second")]
    data = with_sheet(xlsx_of(list(ROW), *rows), (b'ref="A1:D3"', b'ref="A1:D2"'))
    confirm(client, upload(client, data, "table.xlsx"))
    assert Resource.objects.count() == 2


def test_no_file_at_all_is_asked_for(client, ada):
    assert refusal(client.post(IMPORT, {"file": ""})) == "This field is required."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"title": ""}, [("title", "What is new needs it.")]),
        ({"slug": ""}, [("address word", "What is new needs it.")]),
        ({"slug": "Two Words"}, [("address word", NO_SLUG)]),
        ({"slug": "search"}, [("", "This address word is part of the site's own addresses. Choose another.")]),
        ({"kind": "book"}, [("kind", f"book is not one of these: {KINDS}.")]),
        ({"year": "MMXX"}, [("year", "Enter a whole number.")]),
        ({"year": "20"}, [("", "Enter the year with four digits.")]),
        ({"year": "99999"}, [("year", "Ensure this value is less than or equal to 32767.")]),
        ({"url": ""}, [("", "Give a web address, a file or a text: at least one of them.")]),
        ({"url": "javascript:alert(1)"}, [("web address", NO_ADDRESS)]),
        ({"url_is_copy": "maybe"}, [("third-party copy", "Write yes or no.")]),
        ({"topics": "housing; nothing"}, [("topics", "Unknown: nothing")]),
        ({"mentions": "Twin"}, [("governments it is about", "2 are called Twin: write the address word.")]),
        ({"last_verified_on": "yesterday"}, [("last verified", "Enter a valid date.")]),
        ({"summary": "=SUM(A1:A2)"}, [("summary", "This cell holds a formula. Put its result there.")]),
        ({"title": "a\x07b"}, [("title", "This cell holds characters that nobody can see. Type it anew.")]),
        ({"sources": "https://a.example; ftp://b"}, [("sources", f"Line 2: {NO_ADDRESS}")]),
        ({"status": "public"}, [("publication", "public is not one of these: draft, published, archived.")]),
        ({"title": "x" * 301}, [("title", "Ensure this value has at most 300 characters (it has 301).")]),
    ],
)  # fmt: skip
def test_an_error_stands_next_to_its_row_and_stops_everything(client, ada, row, said):
    make_topic(slug="housing")
    make_jurisdiction(name="Twin", state="MN")
    make_jurisdiction(name="Twin", state="WI")
    data = table_of({"slug": "good", "title": "Good"}, row)
    response = upload(client, data)
    assert errors(response) == {3: said}
    assert '<input type="submit" class="default" value="Import">' not in response.content.decode()
    assert messages(confirm(client, response))[-1] == NOT_CLEAR
    assert not Resource.objects.exists()


def test_the_page_says_that_the_names_of_choices_are_understood_too(client, ada):
    columns = {column.name: column.hint for column in client.get(IMPORT).context["table"].columns.values()}
    assert columns["kind"] == f"one of these, or its name in brackets: {KINDS}"
    confirm(client, upload(client, table_of({"kind": "Action Plan", "language": "spanish"})))
    assert Resource.objects.values_list("kind", "language").get() == ("action_plan", "es")


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([{"kind": "book"}], "Nothing can be imported yet"),
        ([{"title": "Other"}], "Import these?"),
        ([{}], "Nothing to import"),
    ],
)
def test_the_preview_asks_what_there_is_to_ask_and_leads_to_another_table(client, ada, rows, title):
    confirm(client, upload(client, table_of({})))
    response = upload(client, table_of(*rows))
    assert str(response.context["title"]) == title
    assert f'<a href="{IMPORT}">Choose another table</a>' in response.content.decode()


def test_a_formula_of_a_workbook_is_refused_and_its_text_is_not(client, ada):
    heading = list(ROW)
    response = upload(
        client,
        xlsx_of(heading, ["a", "=1+1", "guide", "https://example.org"], ["b", "'=1+1", "guide", "https://b.example"]),
        "table.xlsx",
    )
    assert errors(response) == {2: [("title", "This cell holds a formula. Put its result there.")]}
    assert response.context["plan"].written[0].thing.title == "=1+1"


def test_an_address_word_that_stands_twice_is_an_error_of_both_rows(client, ada):
    response = upload(
        client, table_of({}, {"title": "Other"}, {"slug": "third", "title": "Third", "url": "https://c.org"})
    )
    said = [("address word", "It stands in more than one row.")]
    assert errors(response) == {2: said, 3: said}


def test_a_required_field_of_a_resource_is_not_emptied(client, ada):
    make_resource(slug="present")
    response = upload(client, csv_of(["slug", "title", "language"], ["present", "", ""]))
    assert errors(response) == {2: [("title", "This field is required."), ("language", "This field is required.")]}


def test_what_resembles_a_resource_needs_a_word_of_its_own(client, ada):
    present = make_resource(title="Racial Equity Toolkit", url="https://example.org/toolkit")
    rows = [
        {"slug": "a", "title": "Racial equity tool-kit", "url": "https://a.example"},
        {"slug": "b", "title": "Other words", "url": "http://www.example.org/toolkit/"},
        {"slug": "c", "title": "Third thing", "url": "https://c.example"},
        {"slug": "d", "title": "THIRD THING", "url": "https://d.example"},
    ]
    response = upload(client, table_of(*rows))
    seen = {row.text("slug"): [str(other) for other in row.resembles] for row in response.context["plan"].resembling}
    assert seen == {"a": [present.title], "b": [present.title], "d": ["Third thing"]}
    page = response.content.decode()
    assert f'<a href="/admin/resources/resource/{present.pk}/change/">Racial Equity Toolkit</a>' in page
    assert messages(confirm(client, response)) == [
        "Say whether these are other ones than those that are here. Nothing was imported."
    ]
    assert Resource.objects.count() == 1
    assert messages(confirm(client, response, are_others="on")) == ["4 rows are new. 0 rows were changed."]


def test_a_known_duplicate_is_not_asked_about_when_other_fields_change(client, ada):
    make_resource(title="Racial Equity Toolkit")
    make_resource(slug="twin", title="Racial Equity Toolkit")
    response = upload(client, csv_of(["slug", "title", "license"], ["twin", "Racial Equity Toolkit", "CC0"]))
    assert (counts(response), response.context["plan"].resembling) == ({"changed": 1}, [])


# --- Saying yes ---


def test_what_changed_since_the_preview_is_shown_again_before_anything_is_imported(client, ada):
    present = make_resource(slug="present", publisher="City")
    response = upload(client, csv_of(["slug", "publisher"], ["present", "Town"]))
    Resource.objects.update(publisher="County")
    again = confirm(client, response)
    assert messages(again) == ["Something changed since you looked, so look again. Nothing was imported."]
    assert again.context["plan"].written[0].changes == [("publisher", "County", "Town")]
    confirm(client, again)
    present.refresh_from_db()
    assert present.publisher == "Town"


def test_what_the_database_refuses_is_an_error_of_its_row_and_leaves_nothing_behind(client, ada):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE resources_resource ADD CONSTRAINT never CHECK (title <> 'Never')")
    rows = {"slug": "a", "title": "Fine"}, {"slug": "b", "title": "Never", "url": "https://b.example"}
    response = upload(client, table_of(*rows))
    said = "Someone else saved something at the same moment that does not go with this. Look at it and save again."
    assert errors(response) == {3: [("", said)]}
    assert messages(confirm(client, response)) == [NOT_CLEAR]
    assert (Resource.objects.count(), Resource.history.count(), LogEntry.objects.count()) == (0, 0, 0)


def test_a_yes_counts_once_and_needs_a_file(client, ada):
    response = upload(client, table_of({}))
    confirm(client, response)
    assert messages(confirm(client, response)) == ["Choose the file first."]
    assert Resource.objects.get().history.count() == 1


def test_leaving_the_preview_forgets_the_file(client, ada):
    upload(client, table_of({}))
    client.get(IMPORT)
    assert client.get(PREVIEW).headers["Location"] == IMPORT


def test_the_file_of_one_curator_is_not_the_file_of_another(client, ada):
    response = upload(client, table_of({}))
    other = Client()
    sign_in(other, make_curator())
    confirm(other, response)
    assert not Resource.objects.exists()


def test_who_may_only_look_exports_and_imports_nothing(client):
    looker = make_user(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_resource"))
    looker.refresh_from_db()
    sign_in(client, looker)
    assert client.get(f"{EXPORT}csv/").status_code == 200
    assert [client.get(address).status_code for address in (IMPORT, PREVIEW)] == [403, 403]
    assert client.post(PREVIEW, {"digest": ""}).status_code == 403
    sign_in(client, make_user(is_staff=True))
    assert client.get(f"{EXPORT}csv/").status_code == 403


def test_markup_in_a_table_is_inert(client, ada):
    page = upload(client, table_of({"title": "<script>alert(1)</script>", "kind": "<b>"})).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>" not in page


@pytest.mark.parametrize("rows", [2, 30])
def test_previewing_and_importing_ask_for_ties_and_likeness_once(client, ada, django_assert_max_num_queries, rows):
    """What is asked per row is the rules of the table, and the write itself."""
    make_topic(slug="housing")
    table = [
        {"slug": f"r{n}", "title": f"{n} " * 9, "url": f"https://{n}.example", "topics": "housing"} for n in range(rows)
    ]
    with django_assert_max_num_queries(30 + 6 * rows):
        response = upload(client, table_of(*table))
    with django_assert_max_num_queries(60 + 16 * rows):
        confirm(client, response, are_others="on")
    assert Resource.objects.filter(topics__slug="housing").count() == rows


# --- Whatever there is ---


anything = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Starts that lead further into the readers than noise does.
starts = st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, HEAD.encode(), b"slug;title\n", b"PK\3\4", b'"'])
words = st.text(max_size=30) | st.sampled_from(["=1", "'=1", "1e999", "9" * 40, "; ;", "\0", "draft", "2014-13-45"])
names = st.sampled_from([*TABLE.columns, "x", "", "SLUG"]) | st.text(max_size=5)


def understood(data):
    """The rows of a file, or none where it was refused."""
    try:
        return TABLE.named(exchange.read(ContentFile(data)))
    except exchange.Unreadable:
        return []


@anything
@given(start=starts, rest=st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reader(start, rest):
    rows = understood(start + rest)
    assert exchange.preview(TABLE, rows).counts.total() == len(rows)


@anything
@given(at=st.integers(0, 10_000), change=st.binary(min_size=1, max_size=4))
def test_no_damage_to_a_workbook_breaks_the_reader(at, change):
    whole = xlsx_of(list(ROW), list(ROW.values()))
    at %= len(whole)
    rows = understood(whole[:at] + change + whole[at + len(change) :])
    assert exchange.preview(TABLE, rows).counts.total() == len(rows)


@anything
@given(
    name=st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"]),
    at=st.integers(0, 3000),
    change=st.sampled_from([b"", b"0", b"-1", b"99999999", b"<", b'"', b"x", b"r=", b"d"]),
)
def test_no_damage_within_a_workbook_breaks_the_reader(name, at, change):
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx_of(list(ROW), list(ROW.values())))) as whole,
        zipfile.ZipFile(file, "w") as out,
    ):
        for part in whole.namelist():
            content = whole.read(part)
            cut = at % len(content)
            out.writestr(part, content[:cut] + change + content[cut + 1 :] if part == name else content)
    rows = understood(file.getvalue())
    assert exchange.preview(TABLE, rows).counts.total() == len(rows)


@anything
@given(
    heading=st.lists(names, max_size=6),
    rows=st.lists(st.lists(words | st.none(), max_size=7), max_size=4),
)
def test_no_cells_whatever_break_an_import_or_import_half_of_it(heading, rows):
    Resource.objects.all().delete()
    make_resource(slug="draft", title="Draft")
    before = everything()
    try:
        named = TABLE.named([(1, ["slug", "title", *heading]), *enumerate(rows, 2)])
    except exchange.Unreadable:
        return
    plan = exchange.preview(TABLE, named)
    assert len(plan.digest) == 64
    assert everything() == before
    if not plan.wrong:
        exchange.Plan(TABLE, named).finish(None, "")
        assert exchange.preview(TABLE, named).counts.total() == len(named)


@anything
@given(
    title=st.text(min_size=1, max_size=40).filter(str.strip),
    authors=st.lists(st.text(min_size=1, max_size=9), max_size=3),
    kind=st.sampled_from(["csv", "xlsx"]),
)
def test_whatever_was_typed_comes_back_unchanged(title, authors, kind):
    Resource.objects.all().delete()
    clean = [text.encode(errors="ignore").decode().replace("\0", "") or "x" for text in (title, *authors)]
    make_resource(slug="one", title=clean[0], authors=clean[1:])
    data = b"".join(exchange.write(TABLE.texts(Resource.objects.all()), kind, "Resources"))
    plan = exchange.preview(TABLE, TABLE.named(exchange.read(ContentFile(data))))
    assert [(row.outcome, row.changes, row.errors) for row in plan.rows] == [("same", [], [])]


@given(text=st.text())
def test_escaping_can_be_undone_and_hides_every_formula(text):
    assert sheets.unescaped(sheets.escaped(text)) == text
    assert sheets.escaped(text).lstrip()[:1] not in {*"=+-@＝＋－＠"} - {""}
