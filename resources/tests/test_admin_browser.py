"""The library's pages of the admin in a real browser, under the policy that allows nothing inline."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from cohorts.tests.factories import make_jurisdiction
from cohorts.tests.test_admin_browser import OF_DJANGO, choose, faults, signed_in  # noqa: F401
from resources.models import LinkCheck, Resource

from .factories import make_adoption, make_item, make_resource, make_topic

RESOURCES = "/admin/resources/resource/"


@pytest.fixture
def page_of(signed_in, live_server):  # noqa: F811
    """Opens an address of this site and returns the page."""

    def opened(address):
        signed_in.goto(live_server.url + address)
        signed_in.wait_for_load_state("networkidle")
        return signed_in

    return opened


@pytest.fixture
def library():
    """A resource with everything that its pages show: topics, checks, text, users, versions, a twin."""
    topic = make_topic(name="Budgets")
    resource = make_resource(
        title="Fair budgets", slug="fair-budgets", topics=[topic], body="# Steps\n\nFirst *this*.", summary="Words"
    )
    LinkCheck.objects.create(resource=resource, url=resource.url, checked_at=timezone.now(), outcome="failed")
    make_adoption(resource=resource)
    make_item(resource=resource)
    make_adoption(how="In " + "budgets" * 30).delete()
    make_resource(title="Fair budgeting", status="draft")
    resource.summary = "Other words " * 40
    resource.save()
    return resource


def pages_of(resource):
    collection = resource.collections.get()
    return [
        RESOURCES,
        RESOURCES + "add/",
        f"{RESOURCES}{resource.pk}/change/",
        f"{RESOURCES}{resource.pk}/history/",
        f"{RESOURCES}{resource.pk}/history/{resource.history.last().pk}/",
        RESOURCES + "import/",
        f"/admin/resources/collection/{collection.pk}/change/",
        f"/admin/resources/collection/{collection.pk}/history/",
        f"/admin/resources/collection/{collection.pk}/history/{collection.history.get().pk}/",
        "/admin/resources/adoption/",
        "/admin/resources/adoption/deleted/",
    ]


def upload(page, text):
    page.set_input_files("#id_file", {"name": "table.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Show what would change").click()


TABLE = """slug,title,kind,url,year
fair-budgets,Fair budgets for all,guide,https://example.org/budgets,2020
second,Fair budgets,guide,https://example.org/second,2021
third,Third,book,https://example.org/third,20
"""


def test_the_policy_stops_nothing_on_any_page_of_the_library(page_of, library, faults):  # noqa: F811
    pages = pages_of(library)
    complaints = {}
    for address in pages:
        page_of(address)
        complaints[address], faults[:] = list(faults), []
    assert complaints == dict.fromkeys(pages, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_but_what_is_djangos_own(page_of, library, signed_in, scheme):  # noqa: F811
    signed_in.emulate_media(color_scheme=scheme)
    found = {}

    def look(name, page):
        violations = Axe().run(page).response["violations"]
        found[name] = [
            (violation["id"], node["html"])
            for violation in violations
            for node in violation["nodes"]
            if violation["id"] not in OF_DJANGO
        ]

    for address in pages_of(library):
        look(address, page_of(address))
    upload(page_of(RESOURCES + "import/"), TABLE)
    look("preview", signed_in)
    page_of(RESOURCES).check(".action-select >> nth=0")
    signed_in.select_option("select[name=action]", "set_topics")
    signed_in.get_by_role("button", name="Go").click()
    look("set topics", signed_in)
    assert found == dict.fromkeys(found, [])
    assert len(found) == 13


def test_no_page_of_history_or_import_scrolls_sideways_on_a_phone(page_of, library, signed_in):  # noqa: F811
    signed_in.set_viewport_size({"width": 320, "height": 900})
    wide = {}

    def look(name):
        wide[name] = signed_in.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    for address in pages_of(library):
        if "history" in address or "deleted" in address or "import" in address:
            page_of(address)
            look(address)
    upload(page_of(RESOURCES + "import/"), TABLE)
    look("preview")
    assert wide == dict.fromkeys(wide, 0)
    assert len(wide) == 7


def test_a_curator_drafts_publishes_reads_and_archives_a_resource(page_of, signed_in, live_server, faults):  # noqa: F811
    make_jurisdiction(name="Minneapolis", state="MN")
    make_topic(name="Budgets")
    page_of(RESOURCES + "add/")
    signed_in.fill("#id_title", "Fair budgets")
    signed_in.select_option("#id_kind", "guide")
    signed_in.fill("#id_url", "https://example.org/budgets")
    expect(signed_in.locator("#id_slug")).to_have_value("fair-budgets")
    signed_in.fill("#id_body", "## Steps\n\nFirst *this*, then that.")
    signed_in.get_by_label("Budgets").check()
    signed_in.locator("#id_mentions + .select2").click()
    signed_in.locator(".select2-search__field >> visible=true").last.fill("minneaplis")
    signed_in.locator(".select2-results__option", has_text="Minneapolis, MN").click()
    signed_in.locator("input[name=_continue]").first.click()
    expect(signed_in.locator(".messagelist")).to_contain_text("was added successfully")
    expect(signed_in.locator(".preview em")).to_have_text("this")
    assert signed_in.goto(f"{live_server.url}/resources/fair-budgets/").status == 404

    page_of(RESOURCES).check(".action-select")
    signed_in.select_option("select[name=action]", "publish")
    signed_in.get_by_role("button", name="Go").click()
    expect(signed_in.locator(".messagelist")).to_have_text("1 page was published.")
    signed_in.get_by_role("link", name="Fair budgets").click()
    signed_in.get_by_role("link", name="View on site").click()
    signed_in.wait_for_url("**/resources/fair-budgets/")
    expect(signed_in.locator("h1")).to_have_text("Fair budgets")

    page_of(RESOURCES).check(".action-select")
    signed_in.select_option("select[name=action]", "archive")
    signed_in.get_by_role("button", name="Go").click()
    expect(signed_in.locator(".messagelist")).to_have_text("1 page was archived.")
    faults.clear()  # of the 404 that was asked for
    assert signed_in.goto(f"{live_server.url}/resources/fair-budgets/").status == 404
    assert [version.status for version in Resource.objects.get().history.all()] == ["archived", "published", "draft"]


def test_a_duplicate_is_saved_after_a_tick_with_all_that_was_typed(page_of, signed_in, library, faults):  # noqa: F811
    page_of(RESOURCES + "add/")
    signed_in.fill("#id_slug", "another-fair-budgets")
    signed_in.fill("#id_title", "Fair budgets")
    signed_in.select_option("#id_kind", "guide")
    signed_in.fill("#id_url", "https://example.org/another")
    signed_in.fill("#id_summary", "All that I typed.")
    signed_in.locator("input[name=_save]").first.click()
    expect(signed_in.get_by_role("link", name="Fair budgets", exact=True)).to_be_visible()
    expect(signed_in.locator("#id_summary")).to_have_value("All that I typed.")
    signed_in.get_by_label("It is another one: save it anyway").check()
    signed_in.locator("input[name=_save]").first.click()
    expect(signed_in.locator(".messagelist")).to_contain_text("was added successfully")
    assert (Resource.objects.get(slug="another-fair-budgets").summary, faults) == ("All that I typed.", [])


def test_an_older_version_comes_back_by_a_click_and_a_yes(page_of, signed_in, library, faults):  # noqa: F811
    page_of(f"{RESOURCES}{library.pk}/change/").get_by_role("link", name="History").click()
    signed_in.get_by_role("link", name="Restore").first.click()
    expect(signed_in.locator(".changes dt")).to_have_text("Summary")
    signed_in.get_by_role("button", name="Restore this version").click()
    expect(signed_in.locator(".messagelist")).to_have_text("The older version was restored.")
    library.refresh_from_db()
    assert (library.summary, faults) == ("Words", [])


def test_a_table_is_shown_put_right_and_imported(page_of, signed_in, library, faults):  # noqa: F811
    upload(page_of(RESOURCES + "import/"), TABLE)
    expect(signed_in.locator("#content tbody").first).to_contain_text("book is not one of these: toolkit")
    expect(signed_in.get_by_role("button", name="Import")).to_have_count(0)
    signed_in.get_by_role("link", name="Choose another table").click()
    upload(signed_in, TABLE.replace("book", "guide").replace(",20\n", ",2020\n"))
    signed_in.get_by_label("They are other ones: import them, too").check()
    signed_in.get_by_role("button", name="Import").click()
    expect(signed_in.locator(".messagelist")).to_have_text("2 rows are new. 1 row was changed.")
    assert sorted(Resource.objects.values_list("slug", flat=True))[0] == "fair-budgets"
    assert (Resource.objects.get(slug="fair-budgets").title, faults) == ("Fair budgets for all", [])


def test_a_deleted_use_of_a_resource_comes_back(page_of, signed_in, library, faults):  # noqa: F811
    adoption = library.adoptions.get()
    page_of(f"/admin/resources/adoption/{adoption.pk}/change/").get_by_role("link", name="Delete").first.click()
    signed_in.get_by_role("button", name="Yes, I’m sure").click()
    signed_in.get_by_role("link", name="Deleted", exact=True).click()
    signed_in.locator("tr", has_text="Fair budgets").get_by_role("link", name="History").click()
    signed_in.get_by_role("link", name="Restore").click()
    signed_in.get_by_role("button", name="Restore this version").click()
    expect(signed_in.locator(".messagelist")).to_have_text("The older version was restored.")
    assert (library.adoptions.get(), faults) == (adoption, [])
