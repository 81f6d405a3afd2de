"""Tables of governments and the history of one in a real browser, under the policy that allows nothing inline."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alliance.core.tests.factories import make_curator, sign_in_browser
from cohorts.models import Jurisdiction
from cohorts.tests.factories import make_cohort_seat, make_jurisdiction
from cohorts.tests.test_admin_browser import OF_DJANGO, faults  # noqa: F401

GOVERNMENTS = "/admin/cohorts/jurisdiction/"
TABLE = """slug,geoid,name,kind,state,population,summary
,2758000,Saint Paul,city,MN,311527,The capital of Minnesota.
lakeville-township-mn,,Lakeville,town,MN,900,Another one of the same name.
,,Springfield,city,MN,,Which one?
,,Fairtown,city,MN,many,A number is no word.
"""


@pytest.fixture
def site(live_server, page, faults):  # noqa: F811
    """A curator who has signed in, one government that a GEOID names and that was changed, two of one name, and one
    that a new one looks like."""
    sign_in_browser(page, live_server, make_curator(name="Ada"))
    paul = make_jurisdiction(name="St. Paul", geoid="2758000", summary="Old words. " * 40)
    paul.summary = "New words."
    paul.save()
    make_cohort_seat(jurisdiction=paul).delete()
    for slug in ("springfield-mn", "springfield-2-mn"):
        make_jurisdiction(name="Springfield", slug=slug)
    make_jurisdiction(name="Lakeville", slug="lakeville-mn", kind="town")
    return Site(page, live_server.url, paul)


class Site:
    def __init__(self, page, url, paul):
        self.page, self.url, self.paul = page, url, paul

    def go(self, address):
        self.page.goto(self.url + address)
        self.page.wait_for_load_state("networkidle")

    def upload(self, text):
        self.go(GOVERNMENTS + "import/")
        self.page.set_input_files("#id_file", {"name": "t.csv", "mimeType": "text/csv", "buffer": text.encode()})
        self.page.get_by_role("button", name="Show what would change").click()

    def each(self, look):
        """{name: what `look` finds} of every page that tables and history have."""
        pages = {
            "list": GOVERNMENTS,
            "import": GOVERNMENTS + "import/",
            "history": f"{GOVERNMENTS}{self.paul.pk}/history/",
            "restore": f"{GOVERNMENTS}{self.paul.pk}/history/{self.paul.history.last().pk}/",
            "deleted": "/admin/cohorts/cohortseat/deleted/",
        }
        found = {}
        for name, address in pages.items():
            self.go(address)
            found[name] = look()
        for name, text in (("unclear", TABLE), ("clear", clear(TABLE))):
            self.upload(text)
            found[name] = look()
        return found


def clear(table):
    """The table without the two rows that can't be imported."""
    return table.replace(",,Springfield", "springfield-mn,,Springfield").replace("many", "70")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_but_what_is_djangos_own(site, scheme):
    site.page.emulate_media(color_scheme=scheme)

    def look():
        violations = Axe().run(site.page).response["violations"]
        return [
            (violation["id"], node["html"])
            for violation in violations
            for node in violation["nodes"]
            if violation["id"] not in OF_DJANGO
        ]

    found = site.each(look)
    assert found == dict.fromkeys(found, [])
    assert len(found) == 7


def test_no_page_scrolls_sideways_on_a_phone(site):
    site.page.set_viewport_size({"width": 320, "height": 900})
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wide = site.each(lambda: site.page.evaluate(width))
    del wide["list"]  # Django's own
    assert wide == dict.fromkeys(wide, 0)


def test_a_table_is_made_clear_row_by_row_imported_and_taken_back(site, faults):  # noqa: F811
    page = site.page
    site.upload(TABLE)
    expect(page.locator("h2#errors + .module tbody tr")).to_contain_text(["Population: Enter a whole number."])
    expect(page.locator("h2#ambiguous ~ .module tbody tr").first).to_contain_text("springfield-2-mn")
    expect(page.get_by_role("button", name="Import")).to_have_count(0)
    page.get_by_role("link", name="Choose another table").click()
    site.upload(clear(TABLE))
    page.get_by_label("They are other ones: import them, too").check()
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".messagelist")).to_have_text("2 rows are new. 2 rows were changed.")
    site.paul.refresh_from_db()
    assert (site.paul.name, site.paul.population) == ("Saint Paul", 311527)
    assert Jurisdiction.objects.get(slug="fairtown-mn").status == "draft"

    page.get_by_role("link", name="Saint Paul", exact=True).click()
    page.get_by_role("link", name="History").click()
    expect(page.locator("#change-history tbody tr").first).to_contain_text("Imported from a table.")
    page.get_by_role("link", name="Restore").first.click()
    page.get_by_role("button", name="Restore this version").click()
    expect(page.locator(".messagelist")).to_have_text("The older version was restored.")
    site.paul.refresh_from_db()
    assert (site.paul.name, site.paul.population, faults) == ("St. Paul", None, [])
