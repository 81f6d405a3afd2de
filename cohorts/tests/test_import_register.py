import gzip
from collections import Counter
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cohorts import ocd, register
from cohorts.matching import Outcome, import_divisions
from cohorts.models import Place
from cohorts.tests.factories import make_place

pytestmark = pytest.mark.django_db

HEADER = "id,name,census_geoid"


def row(path, name, geoid):
    """A line of the file: row("mn/place:duluth", "Duluth city", "2717000")."""
    return f"ocd-division/country:us/state:{path},{name},{f'place-{geoid}' if geoid else ''}"


HENNEPIN = row("mn/county:hennepin", "Hennepin County", "27053")
MINNEAPOLIS = row("mn/place:minneapolis", "Minneapolis city", "2743000")
MADISON_CITY = row("wi/place:madison", "Madison city", "5548000")
MADISON_TOWN = row("wi/county:dane/place:madison", "Madison town", "5502548025")
CLINTON_ROCK = row("wi/county:rock/place:clinton", "Clinton town", "5510515325")
CLINTON_VERNON = row("wi/county:vernon/place:clinton", "Clinton town", "5512315375")
ST_ANTHONY = row("mn/place:st_anthony_~hennepin~ramsey_counties~", "St. Anthony city", "2756680")
ST_ANTHONY_STEARNS = row("mn/place:st_anthony_~stearns_county~", "St. Anthony city", "2756698")


@pytest.fixture
def run(tmp_path):
    """Write the rows to a file, import it and return the report."""

    def run(*rows, header=HEADER, **options):
        file = tmp_path / "register.csv"
        file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        return report(file, **options)

    return run


def report(file, **options):
    out = StringIO()
    call_command("import_register", str(file), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def counts(text):
    """The five numbers of a report: known, matched, added, ambiguous, skipped."""
    return [int(line.split()[0].replace(",", "")) for line in text.splitlines()[:5]]


def everything():
    return list(Place.objects.order_by("pk").values())


def make_county(name, state, geoid):
    return make_place(source="census", source_id=geoid, name=name, state=state, kind="county", geoid=geoid)


# What is there already


def test_a_city_matches_the_place_of_its_name_and_state_and_keeps_its_figures(run):
    place = make_place(name="Minneapolis", state="MN", population=410_939)
    make_place(name="Minneapolis", state="KS")
    assert counts(run(MINNEAPOLIS)) == [0, 1, 0, 0, 0]
    place.refresh_from_db()
    assert (place.geoid, place.kind, place.population, place.source) == ("2743000", "city", 410_939, "geonames")
    assert Place.objects.get(state="KS").geoid is None


@pytest.mark.parametrize(
    ("there", "path", "named"),
    [
        ("Saint Paul", "mn/place:st_paul", "St. Paul city"),
        ("Coeur d'Alene", "id/place:coeur_d~alene", "Coeur d`Alene city"),
        ("Winston-Salem", "nc/place:winston-salem", "Winston Salem city"),
        ("Española", "nm/place:espanola", "Espanola city"),
        ("Town of Pines", "in/place:pines", "Pines town"),
        ("New York City", "ny/place:new_york", "New York city"),
        ("Oak City", "ut/place:oak_city", "Oak City town"),
    ],
)
def test_spellings_of_one_name_match(run, there, path, named):
    make_place(name=there, state=path[:2].upper())
    assert counts(run(row(path, named, "9912345"))) == [0, 1, 0, 0, 0]


def test_the_full_name_matches_beside_a_county_of_the_short_name(run):
    make_county("New York", "NY", "36061")
    city = make_place(name="New York City", state="NY")
    run(row("ny/place:new_york", "New York city", "3651000"))
    city.refresh_from_db()
    assert city.geoid == "3651000"


def test_a_county_is_known_by_its_geoid_and_never_takes_a_city(run):
    make_county("Hennepin", "MN", "27053")
    make_place(name="Hennepin", state="MN")
    assert counts(run(HENNEPIN)) == [1, 0, 0, 0, 0]
    assert counts(run(row("mn/place:hennepin", "Hennepin city", "2799999"))) == [0, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("path", "named", "geoid", "name", "kind"),
    [
        ("mn/place:duluth", "Duluth city", "2717000", "Duluth", "city"),
        ("wi/place:shorewood", "Shorewood village", "5573725", "Shorewood", "village"),
        ("wi/county:dane/place:dunn", "Dunn town", "5502521350", "Dunn", "town"),
        ("mn/county:aitkin/place:balsam", "Balsam township", "2700103412", "Balsam", "township"),
        ("mi/county:kent/place:ada", "Ada charter township", "2608100240", "Ada", "township"),
        ("me/county:lincoln/place:monhegan", "Monhegan plantation", "2301546405", "Monhegan", "town"),
        ("nj/place:far_hills", "Far Hills borough", "3422890", "Far Hills", "borough"),
        ("ut/place:park_city", "Park City city", "4958070", "Park City", "city"),
        ("ak/place:juneau", "Juneau city and borough", "0236400", "Juneau", "city_county"),
        ("ga/place:athens", "Athens-Clarke unified government (balance)", "1303440", "Athens-Clarke", "city_county"),
        ("ct/place:milford", "Milford city (balance)", "0947515", "Milford", "city"),
        ("nv/place:carson_city", "Carson City", "3209700", "Carson City", "place"),
        ("tn/place:hartsville", "Hartsville/Trousdale County", "4732742", "Hartsville/Trousdale County", "place"),
        ("ak/borough:juneau", "Juneau City and Borough", "02110", "Juneau", "county"),
        ("va/county:charles_city", "Charles City County", "51036", "Charles City", "county"),
        ("la/parish:orleans", "Orleans Parish", "22071", "Orleans", "county"),
    ],
)
def test_the_legal_suffix_tells_the_kind(run, path, named, geoid, name, kind):
    assert counts(run(row(path, named, geoid))) == [0, 0, 1, 0, 0]
    place = Place.objects.get(geoid=geoid)
    assert (place.name, place.kind) == (name, kind)


# What is new


def test_a_government_that_is_not_there_is_added_without_made_up_figures(run):
    assert counts(run(MINNEAPOLIS)) == [0, 0, 1, 0, 0]
    place = Place.objects.get()
    assert (place.source, place.source_id) == ("ocd", "ocd-division/country:us/state:mn/place:minneapolis")
    assert (place.population, place.latitude, place.longitude, place.county) == (None, None, None, "")
    assert str(place) == "Minneapolis, MN"


@pytest.mark.parametrize("rows", [(MADISON_CITY, MADISON_TOWN), (MADISON_TOWN, MADISON_CITY)])
def test_of_city_and_town_of_one_name_the_city_takes_the_place(run, rows):
    there = make_place(name="Madison", state="WI")
    make_county("Dane", "WI", "55025")
    assert counts(run(*rows)) == [0, 1, 1, 0, 0]
    there.refresh_from_db()
    assert (there.geoid, there.kind) == ("5548000", "city")
    assert str(Place.objects.get(geoid="5502548025")) == "Madison (town, Dane County), WI"


def test_a_town_never_takes_the_place_of_a_city_that_an_earlier_file_brought(run):
    make_place(name="Madison", state="WI", kind="city", geoid="5548000")
    make_place(name="Madison", state="WI")
    assert counts(run(MADISON_TOWN)) == [0, 0, 1, 0, 0]


def test_towns_of_one_name_may_come_in_files_of_their_own(run):
    run(CLINTON_ROCK)
    assert counts(run(CLINTON_VERNON)) == [0, 0, 1, 0, 0]


def test_the_only_town_of_its_name_matches(run):
    place = make_place(name="Rib Mountain", state="WI")
    only = row("wi/county:marathon/place:rib_mountain", "Rib Mountain town", "5507367350")
    assert counts(run(only)) == [0, 1, 0, 0, 0]
    place.refresh_from_db()
    assert (place.geoid, place.kind, place.county) == ("5507367350", "town", "")


def test_towns_of_one_name_in_several_counties_are_all_kept_and_can_be_told_apart(run):
    there = make_place(name="Clinton", state="WI")
    make_county("Rock", "WI", "55105")
    make_county("Vernon", "WI", "55123")
    assert counts(run(CLINTON_ROCK, CLINTON_VERNON)) == [0, 0, 2, 0, 0]
    there.refresh_from_db()
    assert there.geoid is None
    names = {str(place) for place in Place.objects.filter(name="Clinton")}
    assert names == {"Clinton, WI", "Clinton (town, Rock County), WI", "Clinton (town, Vernon County), WI"}


def test_two_cities_of_one_name_and_state_are_told_apart_by_their_counties(run):
    assert counts(run(ST_ANTHONY, ST_ANTHONY_STEARNS)) == [0, 0, 2, 0, 0]
    names = {str(place) for place in Place.objects.all()}
    assert names == {"St. Anthony (city, Hennepin and Ramsey Counties), MN", "St. Anthony (city, Stearns County), MN"}


def test_a_place_that_is_no_government_stays_as_it_is(run):
    place = make_place(name="Fort Hunt", state="VA")
    run(row("va/place:alexandria", "Alexandria city", "5101000"))
    place.refresh_from_db()
    assert (place.kind, place.geoid) == ("place", None)


# What stays undecided


def test_two_cities_that_fit_one_place_are_ambiguous(run):
    place = make_place(name="Saint Anthony", state="MN")
    text = run(ST_ANTHONY, ST_ANTHONY_STEARNS)
    assert counts(text) == [0, 0, 0, 2, 0]
    assert "2 ambiguous because another row of the file fits the same place:" in text
    assert "line 2: St. Anthony city, MN (2756680)" in text
    place.refresh_from_db()
    assert (place.kind, place.geoid) == ("place", None)


def test_a_geoid_that_a_curator_enters_settles_them(run):
    make_place(name="Saint Anthony", state="MN", geoid="2756680")
    assert counts(run(ST_ANTHONY, ST_ANTHONY_STEARNS)) == [0, 1, 1, 0, 0]
    assert Place.objects.get(geoid="2756680").kind == "city"


def test_a_city_that_fits_two_places_is_ambiguous(run):
    make_place(name="Sammamish", state="WA")
    make_place(name="City of Sammamish", state="WA")
    before = everything()
    text = run(row("wa/place:sammamish", "Sammamish city", "5361115"))
    assert counts(text) == [0, 0, 0, 1, 0]
    assert "1 ambiguous because several places have this name:" in text
    assert everything() == before


@pytest.mark.parametrize(
    ("kind", "geoid", "line"),
    [
        ("city", "2799999", MINNEAPOLIS),
        ("place", "2799999", MINNEAPOLIS),
        ("county", "27999", row("mn/county:minneapolis", "Minneapolis County", "27053")),
        ("town", "2705399999", row("mn/county:hennepin/place:minneapolis", "Minneapolis town", "2705343000")),
    ],
)
def test_another_geoid_is_never_overwritten(run, kind, geoid, line):
    make_place(name="Minneapolis", state="MN", kind=kind, geoid=geoid)
    before = everything()
    text = run(line)
    assert counts(text) == [0, 0, 0, 1, 0]
    assert "because its place has another GEOID" in text
    assert everything() == before


@pytest.mark.parametrize("name", ["Minneapolis city", "New Minneapolis city"])
def test_a_division_whose_geoid_changed_is_not_added_again(run, name):
    run(MINNEAPOLIS)
    assert counts(run(row("mn/place:minneapolis", name, "2743001"))) == [0, 0, 0, 1, 0]


def test_a_kind_that_a_curator_chose_is_not_mistaken_for_another(run):
    make_place(name="Minneapolis", state="MN", kind="village")
    assert counts(run(MINNEAPOLIS)) == [0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row("mn", "Minnesota", "27"), "it is not a county, a place or a county subdivision"),
        (row("mn/place:minneapolis/ward:1", "Ward 1", ""), "it is not a county, a place or a county subdivision"),
        (row("mn/place:minneapolis", "Minneapolis city", ""), "it has no GEOID"),
        (row("va/place:fort_hunt", "Fort Hunt CDP", "5128736"), "it has no government of its own"),
        (row("vt/county:essex/place:averys", "Averys gore", "5000902162"), "it has no government of its own"),
        (row("ak/census_area:nome", "Nome Census Area", "02180"), "it has no government of its own"),
    ],
)
def test_a_row_that_is_no_local_government_is_skipped_with_its_reason(run, line, reason):
    text = run(line)
    assert counts(text) == [0, 0, 0, 0, 1]
    assert f"1 skipped because {reason}:" in text
    assert not Place.objects.exists()


# The whole


def test_a_second_import_changes_nothing(run):
    make_place(name="Madison", state="WI")
    make_place(name="Saint Anthony", state="MN")
    rows = [HENNEPIN, MINNEAPOLIS, MADISON_CITY, MADISON_TOWN, CLINTON_ROCK, CLINTON_VERNON]
    rows += [ST_ANTHONY, ST_ANTHONY_STEARNS]
    assert counts(run(*rows)) == [0, 1, 5, 2, 0]
    before = everything()
    assert counts(run(*rows)) == [6, 0, 0, 2, 0]
    assert everything() == before


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_file(tmp_path, django_assert_num_queries, size):
    numbers = range(10, 10 + size)
    for number in numbers:
        make_place(name=f"Oldtown {number}", state="MN")
    rows = [row(f"mn/place:oldtown_{number}", f"Oldtown {number} city", f"27000{number}") for number in numbers]
    rows += [row(f"mn/place:newtown_{number}", f"Newtown {number} city", f"27001{number}") for number in numbers]
    file = tmp_path / "register.csv"
    file.write_text("\n".join([HEADER, *rows]))
    divisions = ocd.read(file)
    with django_assert_num_queries(7):  # savepoint, lock, names, places, update, insert, release
        verdicts = import_divisions(divisions)
    assert Counter(verdict.outcome for verdict in verdicts) == {Outcome.MATCHED: size, Outcome.ADDED: size}


def test_a_long_list_is_cut_unless_asked_for(run):
    rows = [row(f"va/place:hunt_{number}", f"Hunt {number} CDP", f"51{number:05}") for number in range(23)]
    assert "and 3 more, which --verbosity 2 lists" in run(*rows)
    assert "Hunt 22 CDP" in run(*rows, verbosity=2)


def test_progress_goes_to_standard_error(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ocd, "ROWS_BETWEEN_NEWS", 2)
    file = tmp_path / "register.csv"
    file.write_text("\n".join([HEADER, HENNEPIN, MINNEAPOLIS, MADISON_CITY]))
    call_command("import_register", str(file))
    output = capsys.readouterr()
    assert output.err.splitlines() == ["2 rows read", "Comparing 3 rows with the register"]
    assert "added" in output.out
    assert "rows read" not in output.out


# Files


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + "\n".join([HEADER, MINNEAPOLIS]),
        "\r\n".join([HEADER, MINNEAPOLIS, "", ""]),
        "name,validFrom,census_geoid,id\n"
        + ",".join(["Minneapolis city", "", "place-2743000", MINNEAPOLIS.split(",")[0]]),
    ],
    ids=["byte order mark", "lines of Windows", "other order and more columns"],
)
def test_harmless_differences_of_a_file_do_not_matter(tmp_path, content):
    file = tmp_path / "register.csv"
    file.write_bytes(content.encode())
    assert counts(report(file)) == [0, 0, 1, 0, 0]


def bad(text, *rows):
    return "\n".join([HEADER, MINNEAPOLIS, text, *rows]).encode()


NO_COLUMNS = "the first line must name the columns id, name, census_geoid"
NOT_AN_ID = "line 3: this is not the id of a division in the United States"
NOT_A_NAME = "line 3: this is not a name"
NOT_ITS_GEOID = "line 3: this GEOID does not fit the division"
NOT_CSV = "this is not sound CSV"
NOT_UTF_8 = "this is not text in UTF-8"
COMPRESSED = "this file is compressed: unpack it first"

BAD_FILES = {
    "empty": (b"", NO_COLUMNS),
    "no rows": (HEADER.encode(), "this file has no rows"),
    "other columns": (b"id,title\n1,2\n", NO_COLUMNS),
    "short zeros": (bytes(1_000), NO_COLUMNS),
    "zeros": (bytes(1_000_000), NO_COLUMNS),
    "zeros after the first row": (bad("\0" * 1_000_000), "line 3: this row has 1 columns instead of 3"),
    "latin-1": ("\n".join([HEADER, MINNEAPOLIS, "Doña Ana"]).encode("latin-1"), NOT_UTF_8),
    "utf-16": ("\n".join([HEADER, MINNEAPOLIS]).encode("utf-16"), NOT_UTF_8),
    "compressed": (gzip.compress(bad(HENNEPIN)), COMPRESSED),
    "end after the id": (bad(HENNEPIN[:30]), "line 3: this row has 1 columns instead of 3"),
    "end in the name": (bad(HENNEPIN[:50]), "line 3: this row has 2 columns instead of 3"),
    "end in the GEOID": (bad(HENNEPIN[:-1]), NOT_ITS_GEOID),
    "end in a quoted name": (bad('ocd-division/country:us/state:mn/place:a,"Albert'), NOT_CSV),
    "a column too many": (bad(HENNEPIN + ","), "line 3: this row has 4 columns instead of 3"),
    "a GEOID of another level": (bad(row("wi/place:zittau", "Zittau city", "55480")), NOT_ITS_GEOID),
    "a GEOID of letters": (bad(row("wi/place:zittau", "Zittau city", "55abc00")), NOT_ITS_GEOID),
    "another country": (bad("ocd-division/country:ca/province:on,Ontario,"), NOT_AN_ID),
    "no state": (bad(row("zz/place:zittau", "Zittau city", "5589000")), NOT_AN_ID),
    "an id of 200 letters": (bad(row("wi/place:" + "z" * 200, "Zittau city", "5589000")), NOT_AN_ID),
    "no name": (bad(row("wi/place:zittau", "", "5589000")), NOT_A_NAME),
    "NUL in a name": (bad(row("wi/place:zittau", "Zit\0tau", "5589000")), NOT_A_NAME),
    "a name of 200 letters": (bad(row("wi/place:zittau", "Z" * 200, "5589000")), NOT_A_NAME),
    "an id twice": (bad(MINNEAPOLIS.replace("2743000", "2743001")), "mn/place:minneapolis stands in line 2 already"),
    "a GEOID twice": (bad(row("mn/place:x", "X city", "2743000")), "line 3: 2743000 stands in line 2 already"),
}


@pytest.mark.parametrize(("content", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_gives_one_line_and_changes_nothing(tmp_path, content, message):
    make_place(name="Minneapolis", state="MN")
    before = everything()
    file = tmp_path / "register.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError) as error:
        report(file)
    assert message in str(error.value)
    assert str(error.value).startswith(str(file))
    assert "\n" not in str(error.value)
    assert everything() == before


def test_a_gigabyte_of_zeros_is_refused_unread(tmp_path, monkeypatch):
    file = tmp_path / "zeros.csv"
    with file.open("wb") as zeros:
        zeros.truncate(2**30)
    monkeypatch.setattr(ocd, "_divisions", lambda *_: pytest.fail("the file was read"))
    with pytest.raises(CommandError, match="larger than 32 MB"):
        report(file)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        report(tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="this is not a file"):
        report(tmp_path)


def test_a_fault_while_writing_leaves_nothing_half_done(run, monkeypatch):
    make_place(name="Madison", state="WI")
    before = everything()
    nowhere = Place(source="ocd", latitude=999, longitude=0)
    monkeypatch.setattr("cohorts.matching.Comparison.new_place", lambda *_: nowhere)
    with pytest.raises(Exception, match="cohorts_place_on_earth"):
        run(MADISON_CITY, MADISON_TOWN)
    assert everything() == before


# The real register of four states, where it lies beside the checkout

SLICE = settings.BASE_DIR.parent / "shared" / "data" / "reference" / "ocd_places_mn_or_wa_wi.csv"

if SLICE.exists():

    def test_the_real_register_of_four_states():
        register.load_shipped()
        assert counts(report(SLICE)) == [234, 1418, 3578, 15, 0]
        madisons = Place.objects.filter(name="Madison", state__in=("WI", "MN")).order_by("geoid")
        assert list(madisons.values_list("geoid", "kind", "source")) == [
            ("2707339284", "township", "ocd"),
            ("2739266", "city", "geonames"),
            ("5502548025", "town", "ocd"),
            ("5548000", "city", "geonames"),
        ]
        labels = [str(place) for place in Place.objects.filter(source="ocd")]
        assert len(labels) == len(set(labels))
        before = everything()
        assert counts(report(SLICE)) == [5230, 0, 0, 15, 0]
        assert everything() == before
