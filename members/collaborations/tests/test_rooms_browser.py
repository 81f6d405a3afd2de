"""A steward keeps the page of a collaboration, in a real browser, with and without a script."""

import pytest
from playwright.sync_api import expect

from alliance.core.tests.factories import make_user, sign_in_browser
from alliance.tests.test_browser import faults
from cohorts.tests.test_proposals_browser import WIDE, WIDTHS
from members.collaborations.models import DataPoint, SharedMeasure

from .factories import (
    make_activity,
    make_collaboration,
    make_gathering,
    make_measure,
    make_point,
    make_seat,
    make_standard_groups,
    make_steward,
    make_update,
)
from .test_rooms import ROOM

pytestmark = pytest.mark.django_db(transaction=True)

WRONG = "period\tBlack\tWhite\tPeople of color\n2012\t13.8\t5.2\t12\nJuly 2019\t6.3\tabout 3\tlots\n"
RIGHT = WRONG.replace("lots", "*")


@pytest.fixture
def work():
    make_standard_groups()
    return make_collaboration(name="Everybody In", slug="everybody-in")


@pytest.fixture
def rosa(work):
    return make_steward(work, make_user(name="Rosa Diaz")).user


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(request, browser, live_server, rosa):
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 360, "height": 740})
    page = context.new_page()
    sign_in_browser(page, live_server, rosa)
    yield page
    context.close()


def test_a_steward_adds_a_measure_pastes_its_figures_mends_them_and_the_public_page_shows_the_gap(phone, live_server):
    phone.goto(f"{live_server}/account/")
    phone.get_by_role("link", name="Everybody In").click()
    phone.get_by_role("link", name="Add a measure").click()
    phone.get_by_label("Name").fill("Unemployment rate")
    phone.get_by_label("Unit").fill("percent of the labor force")
    phone.get_by_label("Baseline", exact=False).first.fill("8.6%")
    phone.get_by_label("Direction").select_option("Lower is better")
    phone.get_by_label("Reference group").select_option("White")
    phone.get_by_role("button", name="Save", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("Give both the baseline and its period, or neither.")
    expect(phone.get_by_label("Name")).to_have_value("Unemployment rate")
    phone.get_by_label("Geography").fill("Minnesota")
    phone.get_by_label("Baseline period").fill("2012")
    phone.get_by_role("button", name="Save", exact=True).click()
    expect(phone.get_by_role("status").first).to_have_text("Saved.")

    phone.get_by_role("link", name="Paste figures from a spreadsheet").click()
    phone.get_by_label("Cells from your spreadsheet").fill(WRONG)
    phone.get_by_label("Web page that shows them").fill("example.org/jobs")
    phone.get_by_role("button", name="Look at it first").click()
    alert = phone.get_by_role("alert")
    expect(alert).to_contain_text("Line 3, People of color, July 2019: “lots” is no number that we can read.")
    expect(alert).to_contain_text("Choose which group “People of color” means.")
    assert DataPoint.objects.count() == 0
    phone.get_by_label("Cells from your spreadsheet").fill(RIGHT)
    phone.get_by_label("Which group is “People of color”?").select_option("new")
    phone.get_by_role("button", name="Look again").click()
    expect(phone.get_by_role("status")).to_contain_text("Nothing is saved yet.")
    expect(phone.get_by_role("row", name="3 July 2019 White about 3%; https://example.org/jobs New")).to_be_visible()
    assert DataPoint.objects.count() == 0
    phone.get_by_role("button", name="Save 6 figures").click()
    expect(phone.get_by_role("status").first).to_have_text("6 figures are saved.")
    assert DataPoint.objects.count() == 6

    phone.get_by_role("link", name="The public page").click()
    expect(phone.get_by_role("heading", name="Unemployment rate")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("8.6 points")
    assert phone.url == f"{live_server}{SharedMeasure.objects.get().get_absolute_url()}"


def test_axe_finds_nothing_and_nothing_scrolls_sideways(work, rosa, page, live_server):
    long = "Averyveryverylongtitlewithoutanyblankatall" * 3
    measure = make_measure(collaboration=work, name=long)
    point = make_point(measure=measure)
    seat = make_seat(collaboration=work, name_as_printed=long, role="backbone", functions=["funding"])
    activity = make_activity(collaboration=work, title=long, lead=seat)
    gathering = make_gathering(collaboration=work, title=long)
    update = make_update(collaboration=work, title=long, text=long)
    figures = f"{ROOM}measures/{measure.pk}/figures/"
    pages = [
        ROOM,
        f"{ROOM}history/",
        figures,
        f"{figures}paste/",
        f"{figures}{point.pk}/",
        f"{figures}{point.pk}/remove/",
    ]
    rows = {"activity": activity, "gathering": gathering, "measure": measure, "seat": seat}
    pages += [f"{ROOM}edit/page/", *(f"{ROOM}edit/{kind}/{row.pk}/" for kind, row in rows.items())]
    pages += [f"{ROOM}edit/update/{update.pk}/remove/", "refused", "overtaken", "pasted"]
    sign_in_browser(page, live_server, rosa)
    said, wrong = [], []
    page.on("console", lambda message: said.append(message.text) if "40" not in message.text else None)
    for where in pages:
        if where in ("refused", "overtaken"):
            page.goto(f"{live_server}{ROOM}edit/gathering/{gathering.pk}/")
            page.get_by_label("Location").fill(long)
            page.get_by_label("Last day").fill("2026-01-01" if where == "refused" else "")
            gathering.agenda = long
            gathering.save()
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_role("alert")).to_be_visible()
        elif where == "pasted":
            page.goto(f"{live_server}{figures}paste/")
            page.get_by_label("Cells from your spreadsheet").fill(WRONG.replace("July 2019", long))
            page.get_by_role("button", name="Look at it first").click()
            page.get_by_role("link", name="Choose which group “People of color” means.").click()
            expect(page.get_by_label("Which group is “People of color”?")).to_be_focused()
        else:
            assert page.goto(f"{live_server}{where}").status == 200
        for width, scheme in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            wrong += [(where, width, fault) for fault in faults(page)]
            wrong += [(where, width, "wide")] if page.evaluate(WIDE) else []
    assert (wrong, said) == ([], [])
