"""Every state of a steward's rooms is valid HTML, and small."""

import gzip
import re

import pytest

from alliance.tests.test_pages import BUDGET, served_bytes
from cohorts.tests.factories import make_jurisdiction
from members.collaborations.models import Collaboration
from members.partners.tests.factories import make_partner

from .factories import make_standard_groups
from .test_rooms import ROOM, ROWS, client_of, grow, rosa, sent, steward, work  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

TABLE = "period\tBlack\tWhite\tPeople <of> color\n" + "".join(
    f"{year}\t13.8\tabout 5.2\t12\n" for year in range(2000, 2010)
)
# A browser sends no day that is none.
BACKWARD = {"begins": "10:00", "ends": "09:00"}


def states_of(work, client):  # noqa: F811
    """(name, answer) of each state that a steward of a collaboration at work meets."""
    make_standard_groups()
    measure = grow(work, 10)
    for number in range(50):
        make_jurisdiction(name=f"Town <i> {number}")
        make_partner(name=f"Partner & <b> {number}")
    figures = f"{ROOM}measures/{measure.pk}/figures/"
    paste = f"{figures}paste/"
    yield "room", client.get(ROOM)
    yield "history", client.get(f"{ROOM}history/")
    yield "figures", client.get(figures)
    for kind, row in ROWS.items():
        thing = row.kind.things(row.owner(work)).first() or row.saved(work)
        address = row.address(work, thing.pk)
        said = sent(client, address)
        if row.kind.add:
            yield f"new {kind}", client.get(row.address(work))
            yield f"new {kind}, empty", client.post(row.address(work), {})
        if row.kind.remove:
            yield f"remove {kind}", client.get(row.address(work, thing.pk, remove=True))
            yield f"remove {kind}, too late", client.post(row.address(work, thing.pk, remove=True), {"seen": "0"})
        yield kind, client.get(address)
        yield f"{kind}, wrong", client.post(address, said | (row.bad if kind != "gathering" else BACKWARD))
        yield f"{kind}, too late", client.post(address, said | row.changed | {"seen": "0"})
        yield f"{kind}, saved", client.post(address, said | row.changed, follow=True)
    yield "paste", client.get(paste)
    yield "paste, empty", client.post(paste, {"text": ""})
    yield "paste, wrong", client.post(paste, {"text": TABLE.replace("5.2", "lots")})
    asked = client.post(paste, {"text": TABLE})
    yield "paste, groups asked for", asked
    sent_on = {"text": TABLE, **dict.fromkeys(asked.context["asked"].words, "new")}
    yield "paste, preview", client.post(paste, sent_on)
    yield "paste, overtaken", client.post(paste, sent_on | {"confirm": "1", "digest": "x"})
    Collaboration.objects.update(ended="2026-01", status="draft")
    yield "room, ended", client.get(ROOM)
    yield "paste, ended", client.post(paste, sent_on)
    for kind, row in ROWS.items():
        thing = row.kind.things(row.owner(work)).first() or row.saved(work)
        yield f"{kind}, ended", client.get(row.address(work, thing.pk))


def test_every_state_is_valid_and_keeps_to_the_budget_with_its_stylesheets(work, steward, validate_html):  # noqa: F811
    states = dict(states_of(work, steward))
    assert {answer.status_code for answer in states.values()} == {200, 400, 409}
    pages = {name: answer.content.decode() for name, answer in states.items()}
    validate_html(list(pages.items()))
    assert [name for name, page in pages.items() if ">None<" in page] == []
    sizes = {}
    for name, page in pages.items():
        stylesheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        css = sum(len(served_bytes(steward, sheet, "br")) for sheet in stylesheets)
        sizes[name] = len(gzip.compress(page.encode())) + css
    assert {name: size for name, size in sizes.items() if size > BUDGET} == {}
