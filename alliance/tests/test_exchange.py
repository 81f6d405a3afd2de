"""Tables of governments, cohorts, seats and partners: what goes out comes back as it was, and what comes in is shown
first."""

from threading import Barrier, Thread

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance.core import exchange
from alliance.core.models import AuditEntry
from alliance.core.seeding import seed_all
from alliance.core.tests.admin_forms import messages
from alliance.core.tests.factories import make_curator, make_user, sign_in
from alliance.core.tests.tables import (
    address,
    cells,
    confirm,
    counts,
    csv_of_dicts,
    errors,
    exported,
    upload,
)
from cohorts.exchange import COHORT_SEATS, COHORTS, JURISDICTIONS
from cohorts.models import Cohort, CohortSeat, Jurisdiction
from cohorts.tests.factories import SOURCE, make_cohort, make_cohort_seat, make_jurisdiction, make_place
from members.collaborations.exchange import SEATS
from members.collaborations.models import Seat
from members.collaborations.tests.factories import make_collaboration, make_seat
from members.partners.exchange import PARTNERS
from members.partners.models import Partner
from members.partners.tests.factories import make_partner

pytestmark = pytest.mark.django_db

STRANGE = '=HYPERLINK("https://evil.example"); “Ärzte” 東京 🌍'
LINES = "'tis so\r\nline two\n\n\ttabbed, +1"
SOURCES = ["https://example.org/a;b", "https://example.org/?c=1"]


def make_full_jurisdiction():
    parent = make_jurisdiction(name="=Parent", place=make_place(geoid="0644000", state="MN"))
    return make_jurisdiction(
        name=STRANGE, kind="department", parent=parent, geoid="2743000", population=5, latitude=44.98,
        longitude=-93.265, website="https://example.org/?a=1;b", summary=LINES, stage="organize", stage_reason="'=x",
        role_year=2014, role_words="@said", sources=SOURCES, status="archived", office="-Office",
        office_url="https://example.org/office", office_email="office@example.org", office_person="+Ida",
        office_person_agreed=True,
    )  # fmt: skip


def make_full_cohort():
    return make_cohort(name=STRANGE, summary=LINES, start="2014-07", end="2016", sources=SOURCES)


def make_full_cohort_seat():
    seat = make_cohort_seat(joined="2014-07", left="2015-01-31", sources=SOURCES)
    return make_cohort_seat(cohort=seat.cohort, jurisdiction=seat.jurisdiction, joined="2016")


def make_full_partner():
    return make_partner(
        name=STRANGE, state="WI", position=7, representative="@Ida", jurisdiction=make_jurisdiction(), website=SOURCE,
        summary=LINES, later_name="'='", sources=SOURCES, status="draft",
    )  # fmt: skip


def make_full_seat():
    collaboration = make_collaboration(name=STRANGE)
    make_seat(collaboration=collaboration, partner=make_partner(), role="backbone")
    make_seat(collaboration=collaboration, jurisdiction=make_jurisdiction())
    return make_seat(collaboration=collaboration, name_as_printed=STRANGE)


FULL = {
    JURISDICTIONS: make_full_jurisdiction,
    COHORTS: make_full_cohort,
    COHORT_SEATS: make_full_cohort_seat,
    PARTNERS: make_full_partner,
    SEATS: make_full_seat,
}
one_of_each = pytest.mark.parametrize("table", FULL, ids=lambda table: table.model.__name__)

SOME = {
    JURISDICTIONS: make_jurisdiction,
    COHORTS: make_cohort,
    COHORT_SEATS: make_cohort_seat,
    PARTNERS: make_partner,
    SEATS: lambda: make_seat(partner=make_partner()),
}

# A column, what stands there, what a table puts there, and how the preview calls it.
CHANGED = {
    JURISDICTIONS: ("summary", "", "A city.", "summary"),
    COHORTS: ("start", "", "2014", "start"),
    COHORT_SEATS: ("left", "", "2020-05", "left"),
    PARTNERS: ("sector", "community", "university", "sector"),
    SEATS: ("role", "member", "backbone", "role"),
}


@pytest.fixture
def ada(client):
    ada = make_curator(name="Ada")
    sign_in(client, ada)
    return ada


def a_new(table):
    """A row that makes one."""
    if table is COHORT_SEATS:
        return {"cohort": make_cohort(slug="first").slug, "jurisdiction": make_jurisdiction(name="Old town").name}
    if table is SEATS:
        return {"collaboration": make_collaboration(slug="together").slug, "name_as_printed": "Lab"}
    kinds = {
        JURISDICTIONS: {"kind": "City", "state": "mn"},
        COHORTS: {"kind": "regional"},
        PARTNERS: {"sector": "Community"},
    }
    return {"name": "Brand new"} | kinds[table]


def everything(table):
    return list(table.model.objects.order_by("pk").values())


# --- Out and back ---


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@one_of_each
def test_an_export_read_back_changes_nothing(client, ada, table, kind):
    FULL[table]()
    SOME[table]()
    before, model = everything(table), table.model
    response = upload(client, model, exported(client, model, kind), f"table.{kind}")
    assert counts(response) == {"same": len(before)}
    assert "there is nothing to import" in response.content.decode()
    assert messages(confirm(client, model, response)) == ["0 rows are new. 0 rows were changed."]
    assert everything(table) == before
    assert not model.history.filter(history_user=ada).exists()


@one_of_each
def test_an_export_without_our_words_and_numbers_is_known_again(client, ada, table):
    FULL[table]()
    rows = cells(exported(client, table.model, "csv"))
    for row in rows:
        for name in table.identifiers:
            del row[name]
    assert counts(upload(client, table.model, csv_of_dicts(*rows))) == {"same": len(rows)}


def test_the_whole_first_content_comes_back_as_it_is(client, ada):
    seed_all()
    for table in FULL:
        response = upload(client, table.model, exported(client, table.model, "csv"))
        assert counts(response) == {"same": table.model.objects.count()}


@one_of_each
def test_no_cell_of_an_export_is_a_formula(client, ada, table):
    FULL[table]()
    starts = {cell.lstrip()[:1] for row in cells(exported(client, table.model, "csv")) for cell in row.values()}
    assert starts & {*"=+-@"} <= ({"-"} if table is JURISDICTIONS else set())
    assert "'" in starts or table is COHORT_SEATS


@one_of_each
def test_an_export_takes_the_list_as_it_is_filtered_and_is_recorded_without_what_was_sought(client, ada, table):
    SOME[table]()
    wanted = SOME[table]()
    query = f"?pk__exact={wanted.pk}"
    key = next(iter(table.identifiers))
    assert [row[key] for row in cells(exported(client, table.model, "csv", query))] == [str(getattr(wanted, key))]
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor, entry.facts) == (
        ada, {"table": table.model._meta.label_lower, "file": "csv", "filters": ["pk__exact"]},
    )  # fmt: skip


@one_of_each
def test_an_export_asks_the_same_questions_for_1_and_for_30(client, ada, django_assert_num_queries, table):
    queries = 10 if table is SEATS else 8
    SOME[table]()
    with django_assert_num_queries(queries):
        exported(client, table.model, "csv")
    for _ in range(29):
        SOME[table]()
    with django_assert_num_queries(queries):
        assert len(cells(exported(client, table.model, "csv"))) == 30


@one_of_each
def test_the_list_leads_to_the_tables(client, ada, table):
    page = client.get(address(table.model) + "?o=1").content.decode()
    for words, place in (("Export CSV", ("export", "csv")), ("Export XLSX", ("export", "xlsx"))):
        assert f'<a href="{address(table.model, *place)}?o=1">{words}</a>' in page
    assert f'<a href="{address(table.model, "import")}">Import</a>' in page


# --- In ---


@one_of_each
def test_new_changed_and_same_rows_are_shown_and_then_written_as_one_version_each(client, ada, table):
    model = table.model
    SOME[table]()
    changed = SOME[table]()
    column, before, after, label = CHANGED[table]
    rows = cells(exported(client, model, "csv"))
    key = next(iter(table.identifiers))
    for row in rows:
        if row[key] == str(getattr(changed, key)):
            row[column] = after
    response = upload(client, model, csv_of_dicts(*rows, a_new(table)))
    assert counts(response) == {"same": 1, "changed": 1, "new": 1}
    shown = {row.is_new: row for row in response.context["plan"].written}
    assert (shown[False].thing, shown[False].changes) == (changed, [(label, before, after)])
    assert model.objects.count() == 2

    assert messages(confirm(client, model, response)) == ["1 row is new. 1 row was changed."]
    made = model.objects.exclude(pk__in=[row[key] for row in rows] if key == "id" else []).latest("pk")
    for thing, kind in ((made, "+"), (changed, "~")):
        newest = thing.history.first()
        assert (newest.history_type, newest.history_user, newest.history_change_reason) == (
            kind, ada, "Imported from a table.",
        )  # fmt: skip
    assert (made.history.count(), changed.history.count()) == (1, 2)
    changed.refresh_from_db()
    assert str(getattr(changed, column)) == after
    if hasattr(made, "status"):
        assert made.status == "draft"
    flags = LogEntry.objects.values_list("object_id", "action_flag", "user")
    assert set(flags) == {(str(made.pk), 1, ada.pk), (str(changed.pk), 2, ada.pk)}
    entry = AuditEntry.objects.get(action="import")
    assert (entry.actor, entry.facts) == (ada, {"table": model._meta.label_lower, "new": 1, "changed": 1})
    entry = AuditEntry.objects.about(changed).get()
    assert (entry.action, entry.actor, entry.before, entry.after) == ("change", ada, {column: before}, {column: after})
    assert AuditEntry.objects.about(made).get().action == "add"


@one_of_each
def test_an_error_stops_everything(client, ada, table):
    column = {COHORT_SEATS: "joined", SEATS: "role"}.get(table, "kind" if "kind" in table.columns else "sector")
    response = upload(client, table.model, csv_of_dicts(a_new(table), {**a_second_new(table), column: "nonsense"}))
    assert (counts(response), list(errors(response))) == ({"new": 1, "wrong": 1}, [3])
    assert '<input type="submit" class="default" value="Import">' not in response.content.decode()
    assert messages(confirm(client, table.model, response))[-1] == (
        "Some rows have errors or may mean more than one. Nothing was imported."
    )
    assert not table.model.objects.exists()


def a_second_new(table):
    if table is COHORT_SEATS:
        return {"cohort": make_cohort().slug, "jurisdiction": make_jurisdiction().slug}
    if table is SEATS:
        return {"collaboration": make_collaboration().slug, "name_as_printed": "Another"}
    return a_new(table) | {"name": "Another"}


@one_of_each
def test_what_changed_since_the_preview_is_shown_again(client, ada, table):
    model = table.model
    thing = SOME[table]()
    column, _before, after, _label = CHANGED[table]
    key = next(iter(table.identifiers))
    response = upload(client, model, csv_of_dicts({key: getattr(thing, key), column: after}))
    other = {"summary": "Other", "start": "2011", "left": "2019", "sector": "government", "role": "steering"}[column]
    model.objects.update(**{column: other})
    again = confirm(client, model, response)
    assert messages(again) == ["Something changed since you looked, so look again. Nothing was imported."]
    assert getattr(model.objects.get(), column) == other
    assert messages(confirm(client, model, again)) == ["0 rows are new. 1 row was changed."]
    assert messages(confirm(client, model, again)) == ["Choose the file first."]
    assert model.history.filter(history_user=ada).count() == 1


@one_of_each
def test_a_preview_writes_nothing(client, ada, table):
    SOME[table]()
    before = everything(table)
    response = upload(client, table.model, csv_of_dicts(a_new(table)))
    assert counts(response) == {"new": 1}
    assert (everything(table), table.model.history.count(), LogEntry.objects.count()) == (before, 1, 0)
    assert [row.thing.pk for row in response.context["plan"].rows] == [None]


@one_of_each
def test_who_may_only_look_exports_and_imports_nothing(client, table):
    model = table.model
    looker = make_user(is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename=f"view_{model._meta.model_name}"))
    looker.refresh_from_db()
    sign_in(client, looker)
    assert client.get(address(model, "export", "csv")).status_code == 200
    assert client.get(address(model, "export", "pdf")).status_code == 404
    assert ">Import</a>" not in client.get(address(model)).content.decode()
    assert client.post(address(model, "import")).status_code == 403
    assert client.post(address(model, "import", "preview"), {"digest": ""}).status_code == 403
    sign_in(client, make_user(is_staff=True))
    assert client.get(address(model, "export", "csv")).status_code == 403


@one_of_each
def test_the_page_says_what_may_stand_in_each_column(client, ada, table):
    page = client.get(address(table.model, "import")).content.decode()
    assert [name for name in table.columns if f"<code>{name}</code>" not in page] == []
    assert all(str(column.label) for column in table.columns.values())


@pytest.mark.parametrize("rows", [1, 30])
@one_of_each
def test_comparing_asks_a_fixed_number_of_questions_beside_the_writing(table, rows, django_assert_num_queries):
    """Names are folded; a row is saved between two savepoints, and a page between two more."""
    column, _before, after, _label = CHANGED[table]
    key = next(iter(table.identifiers))
    things = [SOME[table]() for _ in range(rows)]
    named = [(number, {key: str(getattr(thing, key)), column: after}) for number, thing in enumerate(things, 2)]
    same = [(number, {key: str(getattr(thing, key))}) for number, thing in enumerate(things, 2)]
    fixed = 4 if table in (COHORT_SEATS, SEATS) else 5
    with django_assert_num_queries(fixed):
        exchange.preview(table, same)
    # The database counts the saves of a seat, which is then read.
    beside = 5 if "status" in table.columns else 4 if table is SEATS else 3
    with django_assert_num_queries(fixed + rows * beside):
        exchange.preview(table, named)


IMPORTED = "1 row is new. 0 rows were changed."
NOT_IMPORTED = "Something changed since you looked, so look again. Nothing was imported."


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_seats_at_once_make_each_seat_once():
    cohort, government = make_cohort(slug="first"), make_jurisdiction(slug="town-mn")
    data = csv_of_dicts({"cohort": cohort.slug, "jurisdiction": government.slug, "joined": "2014"})
    people = []
    for _ in range(2):
        client = Client()
        sign_in(client, make_curator())
        people.append((client, upload(client, CohortSeat, data)))
    barrier, said = Barrier(2), []

    def say_yes(client, response):
        barrier.wait()
        # Not from the context: the test client of each thread sees what is rendered in the other, too.
        page = confirm(client, CohortSeat, response).content.decode()
        said.extend(words for words in (IMPORTED, NOT_IMPORTED) if words in page)
        connections.close_all()

    threads = [Thread(target=say_yes, args=pair) for pair in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [IMPORTED, NOT_IMPORTED]
    assert (CohortSeat.objects.count(), CohortSeat.history.count()) == (1, 1)


odd = ["=1", "1e999", "nan", "-1", "9" * 40, "²", "٣٤", "2743000", "MN", "2014", "2014-13", "draft", "published"]
words = st.text(max_size=12) | st.sampled_from(odd) | st.none()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@one_of_each
def test_no_cells_whatever_break_an_import_or_import_half_of_it(table, data):
    """Beside odd words, what one that is here says and what a new one may say."""
    with transaction.atomic():
        thing, new = SOME[table](), a_new(table)
        names = [
            *dict.fromkeys([*new, *table.needed, *data.draw(st.lists(st.sampled_from([*table.columns]), max_size=6))])
        ]

        def cell(name):
            said = st.sampled_from([table.columns[name].write(thing), new.get(name, "")])
            return said | said | said | words

        rows = data.draw(st.lists(st.tuples(*map(cell, names)), min_size=1, max_size=4))
        named = table.named([(1, names), *enumerate(map(list, rows), 2)])
        before = everything(table)
        plan = exchange.preview(table, named)
        assert (plan.counts.total(), everything(table)) == (len(rows), before)
        if not plan.wrong + plan.ambiguous:
            exchange.Plan(table, named).finish(None, "")
            assert set(exchange.preview(table, named).counts) <= {"same", "ambiguous", "wrong"}
        transaction.set_rollback(True)


def test_the_tables_are_all_that_take_files():
    assert {table.model for table in FULL} == {Jurisdiction, Cohort, CohortSeat, Partner, Seat}
