"""Who reads the audit log, and what it says there."""

import csv
import io
import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from alliance.core import audit
from alliance.core.models import AuditEntry, User
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_cohort, make_jurisdiction, make_membership
from cohorts.tests.test_admin_browser import OF_DJANGO
from members.pathway.tests.factories import make_application
from resources.tests.factories import make_resource

from .factories import make_admin, make_curator, make_user, sign_in, sign_in_browser

pytestmark = pytest.mark.django_db

LOG = "/admin/core/auditentry/"
EXPORT = LOG + "export/"


def shown(client, query=""):
    """The entries of the list that were not made by looking at it."""
    page = client.get(LOG + query)
    assert page.status_code == 200, page
    return list(page.context["cl"].result_list)


@pytest.fixture
def admin(client):
    client.user = make_admin(name="Ada")
    sign_in(client, client.user)
    return client


def make_entries(times=1):
    """One entry of each kind, for each time: about content, a person, a tie, an application, and about nothing."""
    actor = make_curator(name="Octavia Rook")
    for _time in range(times):
        about = (
            make_jurisdiction(name="Village", state="MN"),
            make_resource(title="Toolkit"),
            make_user(),
            make_membership(),
            make_application(make_user(), reference=None),
        )
        for thing in about:
            audit.record("change", actor=actor, about=thing, before={"name": "Old"}, after={"name": "New"}, count=7)
        audit.record("deny", actor=actor, address="/admin/", method="GET")
    return list(AuditEntry.objects.order_by("pk"))


def test_admins_read_all_and_curators_what_was_done_to_content(client):
    entries = make_entries()
    for person, kinds in (
        (make_admin(), [entry.kind for entry in entries]),
        (make_curator(), ["cohorts.jurisdiction", "resources.resource"]),
    ):
        sign_in(client, person)
        assert [entry.kind for entry in reversed(shown(client))] == kinds
        answers = {client.get(f"{LOG}{entry.pk}/change/").status_code: entry.kind for entry in entries}
        assert set(answers) == ({200} if person.is_superuser else {200, 302})
        choices = {word for word, _label in client.get(LOG).context["cl"].filter_specs[1].lookup_choices}
        assert ("core.user" in choices, "cohorts.jurisdiction" in choices) == (person.is_superuser, True)
        assert ("core.auditentry" in choices) == person.is_superuser


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_writes_changes_or_deletes_an_entry_here(admin, method):
    (entry, *_others) = make_entries()
    addresses = (f"{LOG}add/", f"{LOG}{entry.pk}/delete/")
    assert [getattr(admin, method)(address).status_code for address in addresses] == [403, 403]
    assert admin.post(f"{LOG}{entry.pk}/change/", {"action": "add"}).status_code == 403
    admin.post(LOG, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_a_line_says_what_was_done_to_what(admin):
    village, person = make_jurisdiction(name="Village", state="MN"), make_user()
    audit.record("change", actor=admin.user, about=village, before={"summary": "A"}, after={"summary": "B"}, rows=2)
    audit.record("change_roles", about=person, before={"groups": []}, after={"groups": ["Curators"]})
    roles, change = shown(admin)
    model_admin = admin.get(LOG).context["cl"].model_admin
    assert [str(model_admin.what(one)) for one in (change, roles)] == ["changed", "changed what a person may do"]
    assert model_admin.about(change) == (
        f'<a href="/admin/cohorts/jurisdiction/{village.pk}/change/">jurisdiction: Village, MN</a>'
    )
    assert [model_admin.details(one) for one in (change, roles)] == ["summary; rows: 2", "groups"]
    page = admin.get(f"{LOG}{change.pk}/change/").content.decode()
    assert 'before: <span class="whole">A</span>' in page
    assert 'after: <span class="whole">B</span>' in page
    page = admin.get(f"{LOG}{roles.pk}/change/").content.decode()
    assert 'before: <span class="whole">–</span>' in page
    assert 'after: <span class="whole">[&quot;Curators&quot;]</span>' in page


def test_what_is_no_longer_known_still_shows(admin):
    AuditEntry.objects.create(action="dance", kind="gone.thing", object_id="7", label="Old", after={"step": 1})
    (entry,) = shown(admin)
    model_admin = admin.get(LOG).context["cl"].model_admin
    assert (model_admin.what(entry), model_admin.about(entry), model_admin.details(entry)) == (
        "dance",
        "gone.thing: Old",
        "step",
    )
    assert admin.get(f"{LOG}{entry.pk}/change/").status_code == 200


def test_what_content_said_is_inert(admin):
    script = "<script>alert(1)</script>"
    village = make_jurisdiction(name=script)
    audit.record("change", about=village, before={"summary": script}, after={"summary": script}, note=script)
    (entry,) = shown(admin)
    pages = [admin.get(address).content.decode() for address in (LOG, f"{LOG}{entry.pk}/change/")]
    assert [script in page for page in pages] == [False, False]
    assert ["&lt;script&gt;" in page for page in pages] == [True, True]


def test_the_log_is_searched_and_filtered(admin):
    one, other = make_curator(name="Octavia Rook"), make_curator(name="Zephyr")
    village, town = make_jurisdiction(name="Village", state="MN"), make_jurisdiction(name="Town", state="MN")
    entries = {
        "village": audit.record("publish", actor=one, about=village),
        "town": audit.record("change", actor=other, about=town),
        "cohort": audit.record("change", actor=one, about=make_cohort(name="First")),
        "portal": audit.record("export"),
    }
    named = AuditEntry.objects.create(action="export", request_id="0123456789abcdef")
    entries["named"] = named

    def found(query):
        return {name for name, entry in entries.items() if entry in shown(admin, query)}

    assert found("?q=village") == {"village"}
    assert found("?q=octavia") == {"village", "cohort"}
    assert found("?q=0123456789abcdef") == {"named"}
    assert found(f"?q={village.pk}") >= {"village"}
    assert found("?action=change") == {"town", "cohort"}
    assert found("?kind=cohorts.cohort") == {"cohort"}
    assert found("?actor__isempty=1") == {"portal", "named"}
    assert found("?action=nothing&kind=nothing") == set(entries)
    today = named.at.astimezone().date()
    assert found(f"?at__year={today.year}") == set(entries)
    assert found("?at__year=1999") == set()


def test_whoever_has_a_conflict_of_interest_does_not_find_what_was_done_to_the_application(client):
    admin_, free = make_admin(), make_admin()
    village = make_jurisdiction()
    application = make_application(make_user(), reference=None, jurisdiction=village)
    make_membership(user=admin_, jurisdiction=village)
    other = make_application(make_user(), reference=None)
    entries = [audit.record("change", about=one) for one in (application, other, village)]
    for person, expected in ((admin_, entries[1:]), (free, entries)):
        sign_in(client, person)
        assert [entry for entry in entries if entry in shown(client)] == expected
        answer = client.get(f"{LOG}{entries[0].pk}/change/")
        assert answer.status_code == (302 if person is admin_ else 200)
        assert (str(application.pk) in exported(client)) == (person is free)


def exported(client, query=""):
    answer = client.get(EXPORT + query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-log.csv"'
    return b"".join(answer.streaming_content).decode()


def test_the_file_says_what_the_list_says_names_nobody_and_runs_no_formula(admin):
    actor = make_curator(name="Octavia Rook", email="octavia@example.org")
    village = make_jurisdiction(name="=HYPERLINK(1)", state="MN")
    entry = audit.record("change", actor=actor, about=village, before={"summary": "Ä"}, after={"summary": "=1"})
    audit.record("export", count=2)
    text = exported(admin, "?action=change")
    assert list(csv.reader(io.StringIO(text))) == [
        ["when", "who", "what", "kind", "id", "object", "before", "after", "details", "request"],
        [
            entry.at.isoformat(),
            str(actor.pk),
            "change",
            "cohorts.jurisdiction",
            str(village.pk),
            "'=HYPERLINK(1), MN",
            json.dumps({"summary": "Ä"}, ensure_ascii=False),
            '{"summary": "=1"}',
            "",
            "",
        ],
    ]
    assert "ctavia" not in text


def test_an_export_stands_in_the_log_itself(admin):
    make_entries()
    exported(admin, "?kind=cohorts.jurisdiction")
    entry = AuditEntry.objects.by(admin.user).get()
    assert (entry.action, entry.facts) == ("export", {"of": "core.auditentry", "count": 1})


def test_a_filter_that_there_is_not_exports_nothing(admin):
    assert admin.get(EXPORT + "?nothing=1").headers["Location"] == LOG
    assert not AuditEntry.objects.by(admin.user).exists()


@pytest.mark.parametrize("person", [make_user, make_curator, make_admin])
def test_the_log_is_for_staff_who_may_read_it(client, person):
    user = person()
    sign_in(client, user)
    assert [client.get(address).status_code for address in (LOG, EXPORT)] == [200 if user.is_staff else 403] * 2
    user.groups.clear()
    sign_in(client, User.objects.get(pk=user.pk))
    assert [client.get(address).status_code for address in (LOG, EXPORT)] == [200 if user.is_superuser else 403] * 2


@pytest.mark.parametrize("times", [1, 30])
def test_the_number_of_queries_is_fixed(times, admin, django_assert_num_queries):
    (entry, *_others) = make_entries(times)
    admin.get(LOG)
    with django_assert_num_queries(6):
        assert len(shown(admin)) == min(6 * times, 50)
    with django_assert_num_queries(4):
        admin.get(f"{LOG}{entry.pk}/change/")
    with django_assert_num_queries(6):
        exported(admin)
    assert Jurisdiction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_pages_have_no_accessibility_fault(live_server, page):
    entry = make_entries()[0]
    sign_in_browser(page, live_server, make_admin())
    for address in (LOG, f"{LOG}{entry.pk}/change/"):
        page.goto(f"{live_server}{address}")
        violations = Axe().run(page).response["violations"]
        assert {violation["id"] for violation in violations} - OF_DJANGO == set(), address
