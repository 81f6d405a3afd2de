"""The stewards of a collaboration keep its page; nobody overwrites what they never saw, and nothing typed is lost."""

import uuid
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from alliance.core.models import AuditEntry
from alliance.core.tests.factories import make_curator, make_user, sign_in
from alliance.core.tests.threads import at_once
from alliance.tests.test_queries import queries_of
from cohorts.tests.factories import make_jurisdiction, make_member
from members.collaborations import editing
from members.collaborations.kinds import KINDS
from members.collaborations.models import (
    Activity,
    Collaboration,
    DataPoint,
    Gathering,
    PopulationGroup,
    Seat,
    SharedMeasure,
    Steward,
    Update,
)
from members.collaborations.room_forms import BESIDE
from members.collaborations.views import rooms
from members.partners.tests.factories import make_partner

from .factories import (
    make_activity,
    make_collaboration,
    make_gathering,
    make_group,
    make_measure,
    make_point,
    make_seat,
    make_steward,
    make_update,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    return make_collaboration(name="Everybody In", slug="everybody-in", summary="It ends gaps.", result="Equal work")


@pytest.fixture
def rosa(work):
    return make_steward(work, make_user(name="Rosa Diaz")).user


@pytest.fixture
def client_of():
    def signed_in(user):
        client = Client()
        sign_in(client, user)
        return client

    return signed_in


@pytest.fixture
def steward(rosa, client_of):
    return client_of(rosa)


ROOM = "/account/collaborations/everybody-in/"


def words(answer):
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


class Row:
    """A kind: how a row is made, what a good form says of it and what another one changes, and what is said of a bad
    one."""

    def __init__(self, kind, make, typed, changed, bad, complaint):
        self.kind, self.make, self.typed, self.changed = KINDS[kind], make, typed, changed
        self.bad, self.complaint = bad, complaint

    @property
    def model(self):
        return self.kind.model

    def owner(self, work):
        if not self.kind.is_of_measure:
            return work
        return work.measures.first() or make_measure(collaboration=work, reference=make_group())

    def address(self, work, target=None, *, remove=False):
        if not self.kind.rows:
            return f"{ROOM}edit/page/"
        if self.kind.is_of_measure:
            base = f"{ROOM}measures/{self.owner(work).pk}/figures/"
            return base + (f"{target}/" if target else "new/") + ("remove/" if remove else "")
        return f"{ROOM}edit/{self.kind.name}/" + (f"{target}/" if target else "") + ("remove/" if remove else "")

    def saved(self, work):
        """One row of this kind, with what `typed` says."""
        if not self.kind.rows:
            return work
        return self.make(**{self.kind.form.owner: self.owner(work)})

    def said(self):
        """What a form says, with what only the database knows by number."""
        return {name: value() if callable(value) else value for name, value in self.typed.items()}


ROWS = {
    row.kind.name: row
    for row in (
        Row(
            "page",
            None,
            {"summary": "It ends gaps.", "region": "Twin Cities", "result": "Equal work"},
            {"summary": "It ends gaps in work.", "sources": "https://example.org/plan"},
            {"agreed_on": "last year", "summary": "New words"},
            "Enter a year, a month or a day: 2014, 2014-07 or 2014-07-15.",
        ),
        Row(
            "measure",
            make_measure,
            {
                "name": "Unemployment rate",
                "unit": "percent of the labor force",
                "format": "percent",
                "geography": "Minnesota",
                "direction": "lower",
                "interval": "yearly",
                "reference": lambda: make_group().pk,
                "status": "published",
                "baseline": "8.6%",
                "baseline_period": "July 2012",
            },
            {"name": "Unemployment"},
            {"baseline": "a lot", "name": "New name"},
            "“a lot” is no number that we can read. Write 13.8 or 1,234.5.",
        ),
        Row(
            "point",
            make_point,
            {"period": "Q3 2019", "group": lambda: make_group("White").pk, "value": "3.1"},
            {"value": "3.25"},
            {"period": "lately", "note": "New note"},
            "“lately” is no period that we can read. Write 2019, July 2019, Q3 2019 or 2015-2019.",
        ),
        Row(
            "activity",
            make_activity,
            {"title": "Hire locally", "status": "planned"},
            {"status": "done", "ended": "2020-05"},
            {"source": "javascript:alert(1)", "title": "New title"},
            "Enter a web address that starts with http:// or https://.",
        ),
        Row(
            "gathering",
            make_gathering,
            {
                "title": "Summer meeting",
                "day": "2026-06-03",
                "begins": "09:00",
                "ends": "10:30",
                "time_zone": "America/Chicago",
            },
            {"location": "City hall", "ends": "11:00"},
            {"day": "soon", "agenda": "New agenda"},
            "Enter a valid date.",
        ),
        Row(
            "update",
            make_update,
            {"title": "We met", "text": "It was good.", "posted_on": "2026-05-04"},
            {"text": "It was very good."},
            {"text": "", "title": "New title"},
            "“Text” is missing.",
        ),
        Row(
            "seat",
            make_seat,
            {"name_as_printed": "Growth & Justice", "role": "member"},
            {"role": "backbone", "functions": ["funding"]},
            {"role": "member", "functions": ["funding"], "began": "1999"},
            "Only the backbone has functions.",
        ),
    )
}
NEW = [row for row in ROWS.values() if row.kind.add]
REMOVABLE = [row for row in ROWS.values() if row.kind.remove]


def named(row):
    return row.kind.name


@pytest.fixture(params=ROWS.values(), ids=named)
def row(request):
    return request.param


def test_every_kind_has_its_row_here():
    assert set(ROWS) == set(KINDS)


def words_of(value):
    """A value of a box as a browser sends it."""
    return f"{value:%H:%M}" if isinstance(value, time) else value


def sent(client, address, **typed):
    """What the form at an address says, with other words; a box that is None is left empty."""
    form = client.get(address).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if not (value is None or value is False or value == ""):
            data[field.html_name] = words_of(value)
    return data | typed


# --- Each kind: add, edit, twice, too late, wrong ---


@pytest.mark.parametrize("row", NEW, ids=named)
def test_a_new_row_is_made_once_however_often_the_form_is_sent(row, work, rosa, steward):
    address = row.address(work)
    data = sent(steward, address, **row.said())
    answers = [steward.post(address, data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    (made,) = row.kind.things(row.owner(work))
    assert (made.version, str(made.token)) == (1, str(data["token"]))
    (version,) = row.model.history.filter(id=made.pk)
    assert (version.history_type, version.history_user) == ("+", rosa)
    (entry,) = AuditEntry.objects.about(made)
    assert (entry.action, entry.actor, entry.before) == ("add", rosa, None)


@pytest.mark.parametrize("row", NEW, ids=named)
def test_a_form_that_comes_again_with_other_words_shows_both(row, work, steward):
    address = row.address(work)
    data = sent(steward, address, **row.said())
    steward.post(address, data)
    answer = steward.post(address, data | row.changed)
    assert (answer.status_code, row.kind.things(row.owner(work)).count()) == (409, 1)
    (made,) = row.kind.things(row.owner(work))
    assert f'action="{row.address(work, made.pk)}"' in words(answer)


def test_an_edit_is_one_version_by_its_author_and_saying_it_again_none(row, work, rosa, steward):
    thing = row.saved(work)
    before = row.model.history.filter(id=thing.pk).count()
    address = row.address(work, thing.pk)
    data = sent(steward, address, **row.changed)
    answers = [steward.post(address, data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    newest, *older = row.model.history.filter(id=thing.pk)
    assert (newest.history_type, newest.history_user, len(older)) == ("~", rosa, before)
    (entry,) = AuditEntry.objects.about(thing)
    assert (entry.action, set(entry.after)) == ("change", set(row.changed))
    again = sent(steward, address)
    assert {name: words_of(again[name]) for name in row.changed} == row.changed


def test_what_somebody_else_saved_meanwhile_is_shown_beside_ones_own_and_overwritten_only_knowingly(
    row, work, steward, client_of
):
    thing = row.saved(work)
    address = row.address(work, thing.pk)
    mine = sent(steward, address, **row.changed)
    ada = make_steward(work, make_user(name="Ada Lovelace")).user
    theirs = {"page": {"note": "Theirs"}, "measure": {"topic": "Theirs"}, "point": {"note": "Theirs"}}
    theirs |= {"activity": {"description": "Theirs"}, "gathering": {"agenda": "Theirs"}, "update": {"title": "Theirs"}}
    (field, word), = theirs.get(row.kind.name, {"began": "1999"}).items()  # fmt: skip
    colleague = client_of(ada)
    assert colleague.post(address, sent(colleague, address, **{field: word})).status_code == 303
    answer = steward.post(address, mine)
    page = words(answer)
    assert answer.status_code == 409
    assert "Ada Lovelace" in page
    labels = [one.label for one in answer.context["differences"]]
    assert len(labels) == len(row.changed) + 1
    there = {one.name: one.theirs for one in answer.context["differences"]}
    assert there[field] == word
    thing.refresh_from_db()
    assert getattr(thing, field) == word
    # Knowingly: the form of that page, as it stands.
    again = {one.html_name: one.value() for one in answer.context["form"] if one.value()} | {"seen": thing.version}
    assert steward.post(address, again).status_code == 303
    now = dict(editing.in_words(row.kind.form(instance=row.model.objects.get(pk=thing.pk))))
    for one in answer.context["differences"]:
        assert now[one.name] == one.mine


def test_bad_input_is_refused_with_everything_kept_and_the_fault_named(row, work, steward):
    thing = row.saved(work)
    address = row.address(work, thing.pk)
    versions = row.model.history.count()
    answer = steward.post(address, sent(steward, address, **row.bad))
    page = words(answer)
    assert answer.status_code == 400
    assert str(row.complaint).replace("'", "&#x27;") in page
    assert 'role="alert"' in page
    form = answer.context["form"]
    assert {name: form[name].value() for name in row.bad} == row.bad
    assert row.model.history.count() == versions


@pytest.mark.parametrize(
    ("kind", "typed", "field", "complaint"),
    [
        ("page", {"result": "", "agreed_on": "2012"}, "result", "Say first what the agenda is"),
        ("measure", {"baseline_period": ""}, "baseline", "Give both the baseline and its period, or neither."),
        ("measure", {"target_period": "2030"}, "target", "Give both the target and its period, or neither."),
        ("measure", {"unit": ""}, "unit", "“Unit” is missing."),
        ("point", {"value": ""}, "value", "Give a value, or mark it as suppressed by its publisher."),
        ("point", {"margin": "-3"}, "margin", "A margin of error is never below zero."),
        ("activity", {"began": "2012", "ended": "2011"}, "ended", "The end cannot come before the beginning."),
        ("seat", {"name_as_printed": ""}, "partner", "Give exactly one"),
        ("seat", {"functions": ["funding"]}, "functions", "Only the backbone has functions."),
    ],
)
def test_what_is_wrong_with_a_row_stands_beside_a_field_of_it(kind, typed, field, complaint, work, steward):
    address = ROWS[kind].address(work)
    answer = steward.post(address, sent(steward, address, **ROWS[kind].said()) | typed)
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (400, [field])
    assert [str(one) for one in errors[field]][0].startswith(complaint)


def test_every_constraint_of_a_row_has_its_field():
    names = {one.name for kind in KINDS.values() for one in kind.model._meta.constraints}
    # The form of a gathering says itself what is wrong with its hours; publication is not asked for.
    told = {name for name in names if not name.endswith(("slug_free", "slug_small", "published_at"))}
    hours = {"gathering_times", "gathering_our_time"}
    assert {name.removeprefix("collaborations_") for name in told} - hours == set(BESIDE)


@pytest.mark.parametrize("stamps", [{}, {"seen": "x"}, {"seen": "-1"}, {"seen": str(2**40)}, {"token": "\x00"}])
def test_a_form_without_its_stamps_is_refused(stamps, work, steward):
    data = ROWS["update"].said() | {"token": str(uuid.uuid4()), "seen": "0"} | stamps if stamps else {}
    answer = steward.post(f"{ROOM}edit/update/", data)
    assert (answer.status_code, Update.objects.count()) == (400, 0)
    assert "Something in this form was lost." in words(answer)


def test_the_token_of_a_row_elsewhere_finds_nothing(work, steward):
    token = uuid.uuid4()
    make_update(token=token)
    data = sent(steward, f"{ROOM}edit/update/", **ROWS["update"].said()) | {"token": token}
    assert steward.post(f"{ROOM}edit/update/", data).status_code == 404


# --- Removing ---


@pytest.mark.parametrize("row", REMOVABLE, ids=named)
def test_what_is_removed_is_asked_for_first_and_kept_in_the_history(row, work, rosa, steward):
    thing = row.saved(work)
    address = row.address(work, thing.pk, remove=True)
    assert row.model.objects.filter(pk=thing.pk).exists()
    assert steward.get(address).context["thing"] == thing
    answers = [steward.post(address, {"seen": thing.version}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert not row.model.objects.filter(pk=thing.pk).exists()
    last = row.model.history.filter(id=thing.pk).first()
    assert (last.history_type, last.history_user) == ("-", rosa)
    (entry,) = AuditEntry.objects.filter(object_id=str(thing.pk), action="delete", kind=thing._meta.label_lower)
    assert entry.actor == rosa
    assert steward.get(address).status_code == 404


@pytest.mark.parametrize("row", REMOVABLE, ids=named)
def test_what_was_saved_since_is_not_removed_unseen(row, work, steward):
    thing = row.saved(work)
    thing.save()
    answer = steward.post(row.address(work, thing.pk, remove=True), {"seen": "1"})
    assert (answer.status_code, row.model.objects.filter(pk=thing.pk).exists()) == (409, True)


@pytest.mark.parametrize("row", REMOVABLE, ids=named)
def test_what_somebody_removed_meanwhile_can_be_saved_as_new(row, work, steward):
    thing = row.saved(work)
    address = row.address(work, thing.pk)
    mine = sent(steward, address, **row.changed)
    steward.post(row.address(work, thing.pk, remove=True), {"seen": thing.version})
    answer = steward.post(address, mine)
    page = words(answer)
    assert answer.status_code == 409
    assert "Somebody removed this while you wrote" in page
    assert f'action="{row.address(work)}"' in page
    assert steward.post(row.address(work), mine | {"seen": 0}).status_code == 303
    assert row.kind.things(row.owner(work)).count() == 1


@pytest.mark.parametrize("kind", ["page", "measure", "seat"])
def test_what_stays_on_record_has_no_page_to_remove_it(kind, work, steward):
    thing = ROWS[kind].saved(work)
    assert steward.get(f"{ROOM}edit/{kind}/{thing.pk}/remove/").status_code == 404
    assert steward.post(f"{ROOM}edit/{kind}/{thing.pk}/remove/", {"seen": "1"}).status_code == 404


# --- Who ---


def addresses(work):
    for row in ROWS.values():
        thing = row.saved(work)
        yield row.address(work, thing.pk)
        if row.kind.add:
            yield row.address(work)
        if row.kind.remove:
            yield row.address(work, thing.pk, remove=True)
    measure = work.measures.first().pk
    yield from (f"{ROOM}history/", f"{ROOM}measures/{measure}/figures/", f"{ROOM}measures/{measure}/figures/paste/")


def test_only_the_stewards_find_these_pages(work, steward, client_of):
    town, partner = make_jurisdiction(), make_partner()
    make_seat(collaboration=work, jurisdiction=town)
    make_seat(collaboration=work, partner=partner, ended="2020")
    former = make_steward(work, ended_on=date(2026, 1, 1)).user
    affiliate = make_user()
    affiliate.affiliations.create(partner=partner)
    people = {
        "other": make_user(),
        "member": make_member(town),
        "of a former member": affiliate,
        "former steward": former,
        "steward elsewhere": make_steward().user,
        "curator": make_curator(),
    }
    pages = list(addresses(work))
    assert {page: steward.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    for who, person in people.items():
        client = client_of(person)
        for page in pages:
            assert (who, page, client.get(page).status_code) == (who, page, 404)
            # Who may only be asked for what they show says so to everybody.
            refusal = 405 if page.endswith(("/history/", "/figures/")) else 404
            assert (who, page, client.post(page, {"seen": "1"}).status_code) == (who, page, refusal)
        rooms = client.get(ROOM)
        assert rooms.status_code == (200 if who == "member" else 404)
    visitor = Client()
    for page in [*pages, ROOM]:
        assert visitor.get(page).url == f"/account/login/?next={page}"


def test_a_page_that_is_not_theirs_is_the_one_that_does_not_exist(work, client_of):
    client = client_of(make_user())
    there = client.get(f"{ROOM}edit/page/").content
    assert there == client.get("/account/collaborations/nothing/edit/page/").content.replace(
        b"nothing", b"everybody-in"
    )


def test_rows_of_another_collaboration_are_not_found(work, steward):
    for row in ROWS.values():
        if row.kind.rows and not row.kind.is_of_measure:
            other = row.make()
            assert steward.get(row.address(work, other.pk)).status_code == 404
    point = make_point()
    make_measure(collaboration=work)
    assert steward.get(ROWS["point"].address(work, point.pk)).status_code == 404
    assert steward.get(f"{ROOM}measures/{point.measure_id}/figures/{point.pk}/").status_code == 404


def test_whoever_is_no_steward_any_more_saves_nothing(work, rosa, steward):
    data = sent(steward, f"{ROOM}edit/page/", summary="Too late")
    Steward.objects.update(ended_on=timezone.localdate())
    assert steward.post(f"{ROOM}edit/page/", data).status_code == 404
    work.refresh_from_db()
    assert work.summary == "It ends gaps."


@pytest.mark.django_db(transaction=True)
def test_of_two_stewards_at_once_one_saves_and_the_other_sees_both(work, client_of):
    measure = make_measure(collaboration=work, name="Unemployment")
    clients = [client_of(make_steward(work).user) for _ in range(2)]
    address = ROWS["measure"].address(work, measure.pk)
    data = [sent(client, address, name=name) for client, name in zip(clients, ("Mine", "Yours"), strict=True)]
    answers = at_once(*(lambda c=c, d=d: c.post(address, d) for c, d in zip(clients, data, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    (difference,) = late.context["differences"]
    measure.refresh_from_db()
    assert {difference.theirs, difference.mine} == {"Mine", "Yours"}
    assert (measure.name, measure.version) == (difference.theirs, 2)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_row(work, steward, rosa, client_of):
    data = sent(steward, f"{ROOM}edit/update/", **ROWS["update"].said())
    clients = [client_of(rosa) for _ in range(2)]
    answers = at_once(*(lambda c=c: c.post(f"{ROOM}edit/update/", data) for c in clients))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Update.objects.count() == Update.history.count() == 1


# --- The end, and before the beginning ---


def test_the_rooms_of_an_ended_collaboration_are_read_only_and_keep_what_was_typed(row, work, steward):
    thing = row.saved(work)
    address = row.address(work, thing.pk)
    data = sent(steward, address, **row.changed)
    Collaboration.objects.update(ended="2026-01")
    answer = steward.post(address, data)
    assert answer.status_code == 409
    assert "This collaboration has ended" in words(answer)
    assert {name: answer.context["form"][name].value() for name in row.changed} == row.changed
    assert 'class="btn"' not in words(answer)
    assert steward.get(address).status_code == 409
    assert AuditEntry.objects.count() == 0
    room = words(steward.get(ROOM))
    assert "This collaboration ended: January 2026." in room
    assert "/edit/" not in room


@pytest.mark.parametrize("row", REMOVABLE, ids=named)
def test_nothing_is_removed_from_an_ended_collaboration(row, work, steward):
    thing = row.saved(work)
    Collaboration.objects.update(ended="2026-01")
    answer = steward.post(row.address(work, thing.pk, remove=True), {"seen": thing.version})
    assert (answer.status_code, row.model.objects.filter(pk=thing.pk).exists()) == (409, True)


def test_a_draft_is_prepared_by_its_stewards_and_none_of_its_measures_is_public(work, steward, client):
    Collaboration.objects.update(status="draft")
    address = ROWS["measure"].address(work)
    answer = steward.post(address, sent(steward, address, **ROWS["measure"].said()))
    measure = SharedMeasure.objects.get()
    assert answer.url == f"{ROOM}measures/{measure.pk}/figures/"
    make_point(measure=measure)
    assert (measure.status, measure.slug) == ("published", "unemployment-rate")
    assert list(SharedMeasure.objects.published()) == list(DataPoint.objects.on_record()) == []
    assert "The page is not public now." in words(steward.get(ROOM))
    Collaboration.objects.update(status="published")
    assert (SharedMeasure.objects.published().count(), DataPoint.objects.on_record().count()) == (1, 1)


# --- What the forms say ---


def test_figures_and_periods_are_read_as_people_write_them(work, steward):
    row = ROWS["measure"]
    data = sent(steward, row.address(work), **row.said(), target="3", target_period="2025-2030")
    steward.post(row.address(work), data)
    measure = SharedMeasure.objects.get()
    assert (measure.baseline, measure.baseline_period) == (Decimal("8.6"), "2012-07")
    assert (measure.target, measure.target_period) == (Decimal(3), "2025/2030")
    assert sent(steward, row.address(work, measure.pk))["baseline"] == "8.6"


@pytest.mark.parametrize(
    ("zone", "begins", "ends"),
    [
        ("America/Chicago", datetime(2026, 6, 3, 14, tzinfo=UTC), datetime(2026, 6, 3, 15, 30, tzinfo=UTC)),
        ("America/Phoenix", datetime(2026, 6, 3, 16, tzinfo=UTC), datetime(2026, 6, 3, 17, 30, tzinfo=UTC)),
        ("Pacific/Guam", datetime(2026, 6, 2, 23, tzinfo=UTC), datetime(2026, 6, 3, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_hours_of_a_gathering_are_those_of_its_own_clocks(zone, begins, ends, work, steward):
    row = ROWS["gathering"]
    steward.post(row.address(work), sent(steward, row.address(work), **row.said()) | {"time_zone": zone})
    one = Gathering.objects.get()
    assert (one.starts_at, one.ends_at) == (begins, ends)
    again = sent(steward, row.address(work, one.pk))
    assert (str(again["day"]), str(again["begins"]), "last_day" in again) == ("2026-06-03", "09:00", False)


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (
            {"day": "2026-03-08", "begins": "02:30", "ends": "04:00"},
            "On March 8, 2026 the clocks there are set ahead, and 2:30 a.m. is left out. Choose an hour later.",
        ),
        (
            {"day": "2026-11-01", "begins": "01:30", "ends": "04:00"},
            "On November 1, 2026 the clocks there are set back, and 1:30 a.m. comes twice. Choose another hour.",
        ),
        (
            {"day": "2026-10-31", "begins": "20:00", "last_day": "2026-11-01", "ends": "01:00"},
            "On November 1, 2026 the clocks there are set back, and 1 a.m. comes twice. Choose another hour.",
        ),
        ({"day": "2026-06-03", "begins": "09:00", "ends": "09:00"}, "The end comes after the beginning."),
        ({"day": "0001-01-01"}, "Ensure this value is greater than or equal to 1900-01-01."),
        ({"day": "9999-12-31"}, "Ensure this value is less than or equal to 2200-01-01."),
    ],
)
def test_an_hour_that_does_not_exist_or_comes_twice_is_explained(typed, complaint, work, steward):
    row = ROWS["gathering"]
    answer = steward.post(row.address(work), sent(steward, row.address(work), **row.said()) | typed)
    assert (answer.status_code, Gathering.objects.count()) == (400, 0)
    assert complaint in words(answer)


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"])
def test_the_same_hours_exist_where_clocks_are_not_changed(day, work, steward):
    row = ROWS["gathering"]
    typed = row.said() | {"day": day, "begins": "01:30", "ends": "02:30", "time_zone": "America/Phoenix"}
    assert steward.post(row.address(work), sent(steward, row.address(work)) | typed).status_code == 303


def test_an_activity_is_led_and_joined_by_seats_of_its_own_collaboration_only(work, steward):
    row, mine, other = ROWS["activity"], make_seat(collaboration=work), make_seat()
    data = sent(steward, row.address(work), **row.said())
    answer = steward.post(row.address(work), data | {"lead": other.pk, "joined_by": [mine.pk, other.pk]})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"lead", "joined_by"}
    steward.post(row.address(work), data | {"lead": mine.pk, "joined_by": [mine.pk]})
    made = Activity.objects.get()
    (version,) = Activity.history.filter(id=made.pk)
    assert (made.lead, [tie.seat for tie in version.joined_by.all()]) == (mine, [mine])


def test_a_seat_is_somebodys_and_ends_rather_than_vanish(work, steward):
    row, town = ROWS["seat"], make_jurisdiction(name="Oakwood")
    hidden = make_partner(name="Quiet Partner", status="draft")
    data = sent(steward, row.address(work), role="member")
    assert "Quiet Partner" not in words(steward.get(row.address(work)))
    assert steward.post(row.address(work), data).status_code == 400
    assert steward.post(row.address(work), data | {"partner": hidden.pk}).status_code == 400
    assert steward.post(row.address(work), data | {"jurisdiction": town.pk}).status_code == 303
    again = sent(steward, row.address(work), role="member", jurisdiction=town.pk)
    answer = steward.post(row.address(work), again)
    assert (answer.status_code, "This government already has a seat here." in words(answer)) == (400, True)
    seat = Seat.objects.get()
    address = row.address(work, seat.pk)
    assert steward.post(address, sent(steward, address, ended="2025")).status_code == 303
    assert steward.post(row.address(work), again).status_code == 303
    assert list(Seat.objects.values_list("jurisdiction", "ended")) == [(town.pk, "2025"), (town.pk, None)]


def test_all_user_text_is_inert(work, steward):
    row = ROWS["update"]
    evil = "<script>alert(1)</script>\u202e"
    steward.post(row.address(work), sent(steward, row.address(work), **row.said()) | {"title": evil, "text": evil})
    one = Update.objects.get()
    assert one.title == "<script>alert(1)</script>"
    for page in (ROOM, row.address(work, one.pk), row.address(work, one.pk, remove=True), f"{ROOM}history/"):
        assert "<script>alert" not in words(steward.get(page))


# --- The overview and the history ---


def grow(work, count):
    measure = make_measure(collaboration=work)
    for number in range(count):
        make_point(measure=measure, period=str(1950 + number))
        make_measure(collaboration=work)
        seat = make_seat(collaboration=work, partner=make_partner())
        make_seat(collaboration=work, jurisdiction=make_jurisdiction())
        make_activity(collaboration=work, measure=measure, lead=seat).joined_by.add(seat)
        make_gathering(collaboration=work).attended_by.add(seat)
        make_update(collaboration=work)
    return measure


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_ask_the_same_questions_at_any_length(count, work, steward):
    measure = grow(work, count)
    point, activity, gathering = measure.points.first(), work.activities.first(), work.gatherings.first()
    expected = {
        ROOM: 9,
        f"{ROOM}measures/{measure.pk}/figures/": 5,
        f"{ROOM}measures/{measure.pk}/figures/paste/": 4,
        f"{ROOM}measures/{measure.pk}/figures/{point.pk}/": 6,
        f"{ROOM}edit/activity/{activity.pk}/": 8,
        f"{ROOM}edit/gathering/{gathering.pk}/": 6,
        f"{ROOM}edit/measure/{measure.pk}/": 5,
    }
    assert {page: queries_of(steward, page) for page in expected} == expected


# A page asks only for the kinds that it shows.
@pytest.mark.parametrize(("count", "number"), [(1, 18), (30, 17)])
def test_the_history_asks_the_same_questions_at_any_length(count, number, work, steward):
    grow(work, count)
    assert queries_of(steward, f"{ROOM}history/") == number


def test_the_overview_shows_the_five_conditions_with_what_is_there_and_nothing_yet(work, steward):
    page = words(steward.get(ROOM))
    assert page.count("Nothing yet.") == 5
    for kind in ("measure", "activity", "gathering", "update", "seat"):
        assert f'href="{ROOM}edit/{kind}/"' in page
    grow(work, 1)
    page = words(steward.get(ROOM))
    assert "Nothing yet." not in page


def test_the_overview_says_where_there_is_more_than_it_shows(work, steward, monkeypatch):
    monkeypatch.setattr(rooms, "MOST_SHOWN", 3)
    grow(work, 2)
    assert words(steward.get(ROOM)).count("Only 3 are shown.") == 2  # measures and seats
    grow(work, 1)
    assert words(steward.get(ROOM)).count("Only 3 are shown.") == 5


def test_people_of_members_see_what_is_for_members_and_no_way_to_edit(work, client_of):
    town = make_jurisdiction()
    make_seat(collaboration=work, jurisdiction=town)
    make_gathering(collaboration=work, title="Behind doors", is_public=False)
    make_activity(measure=make_measure(collaboration=work, name="Draft measure", status="draft"), collaboration=work)
    page = words(client_of(make_member(town)).get(ROOM))
    assert "Behind doors" in page
    assert "Members only" in page
    assert "Draft measure" not in page
    assert "/edit/" not in page
    assert "/history/" not in page


def test_the_history_says_what_changed_when_and_by_whom(work, rosa, steward):
    row = ROWS["update"]
    steward.post(row.address(work), sent(steward, row.address(work), **row.said()))
    one = Update.objects.get()
    address = row.address(work, one.pk)
    steward.post(address, sent(steward, address, text="It was very good."))
    steward.post(row.address(work, one.pk, remove=True), {"seen": 2})
    answer = steward.get(f"{ROOM}history/")
    removed, changed, added, *_rest = answer.context["page"]
    assert [(one.history_type, one.history_user) for one in (removed, changed, added)] == [
        ("-", rosa),
        ("~", rosa),
        ("+", rosa),
    ]
    assert [tuple(change) for change in changed.changes] == [("text", "It was good.", "It was very good.")]
    assert ("title", "", "We met") in [tuple(change) for change in added.changes]
    assert removed.changes == []
    assert words(answer).count("Rosa Diaz") == 3


def test_an_address_stands_for_nobodys_name(work, steward, client_of):
    colleague = make_steward(work, make_user(name="")).user
    theirs, address = client_of(colleague), f"{ROOM}edit/page/"
    mine = sent(steward, address, summary="Mine")
    theirs.post(address, sent(theirs, address, summary="Theirs"))
    history, stale = words(steward.get(f"{ROOM}history/")), words(steward.post(address, mine))
    assert "<bdi>somebody who has given no name</bdi>" in history
    assert "Somebody who has given no name, " in stale
    assert colleague.email not in history + stale


def test_the_history_is_that_of_this_collaboration_alone(work, steward):
    make_update(title="Elsewhere")
    make_point(measure=make_measure(name="Elsewhere too"))
    make_point(measure=make_measure(collaboration=work, name="Here"))
    page = words(steward.get(f"{ROOM}history/"))
    assert "Elsewhere" not in page
    assert "Here" in page


def test_the_account_lists_the_collaborations_that_one_keeps_or_belongs_to(work, rosa, client_of):
    town = make_jurisdiction()
    make_seat(collaboration=make_collaboration(name="Their region"), jurisdiction=town)
    make_collaboration(name="Somewhere else")
    member = make_member(town)
    make_steward(work, member)
    page = words(client_of(member).get("/account/"))
    assert page.index("Everybody In") < page.index("You keep its page.") < page.index("Their region")
    assert page.index("Their region") < page.index("See what is for its members.")
    assert "Somewhere else" not in page
    assert "Your collaborations" not in words(client_of(make_user()).get("/account/"))


def test_groups_are_offered_for_figures_in_their_order(work, steward):
    form = steward.get(ROWS["point"].address(work)).context["form"]
    assert [str(group) for group in form.fields["group"].queryset] == [
        str(one) for one in PopulationGroup.objects.all()
    ]
