"""Figures come from a spreadsheet by paste: looked at first, then all of them or none, and once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError

from alliance.core.models import AuditEntry
from alliance.core.tests.threads import at_once
from members.collaborations import pasting
from members.collaborations.models import Collaboration, DataPoint, PopulationGroup, SharedMeasure

from .factories import make_measure, make_point, make_standard_groups
from .test_rooms import ROOM, client_of, rosa, steward, words, work  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

LONG = """period\tgroup\tvalue\tmargin\tapproximate\tsuppressed\tmethod\tsource\tnote
2012\tBlack\t13.8%\t0.4\t\t\tannual average\thttps://example.org/2012\tAll ages
July 2019\tWhite\t3.1\t\tyes\t\t\t\t
July 2019\tAsian\t\t\t\tyes\t\t\t
July 2019\tLatino\tn/a\t\t\t\t\t\t
"""
WIDE = """Year,Black,White,Latino,source
2012,13.8,5.2,8.5,https://example.org/2012
July 2019,6.3,about 3.1,*,
"""


@pytest.fixture(autouse=True)
def groups(db):
    make_standard_groups()


@pytest.fixture
def measure(work):  # noqa: F811
    return make_measure(collaboration=work, name="Unemployment")


@pytest.fixture
def address(measure):
    return f"{ROOM}measures/{measure.pk}/figures/paste/"


def looked_at(client, address, text, **more):
    return client.post(address, {"text": text, **more})


def saved(client, address, text, **more):
    plan = looked_at(client, address, text, **more).context["plan"]
    return client.post(address, {"text": text, "digest": plan.digest, "confirm": "1", **more})


def points():
    fields = ("period", "group__short_name", "value", "margin", "is_approximate", "is_suppressed")
    return list(DataPoint.objects.values_list(*fields))


def test_the_examples_on_the_page_are_tables_that_it_takes(steward, address):  # noqa: F811
    page = steward.get(address)
    for example, number in ((pasting.LONG_EXAMPLE, 2), (pasting.WIDE_EXAMPLE, 6)):
        assert example in page.content.decode()
        plan = looked_at(steward, address, example).context["plan"]
        assert (plan.is_right, len(plan.written)) == (True, number)


def complaints(answer):
    return {row.line: row.errors for row in answer.context["plan"].wrong}


def refusal(answer):
    return answer.context["form"].errors["text"]


def test_a_long_table_is_shown_first_and_saved_on_request(rosa, steward, address, measure):  # noqa: F811
    answer = looked_at(steward, address, LONG, source="example.org/all")
    assert (answer.status_code, DataPoint.objects.count()) == (200, 0)
    assert [str(count) for _label, count in answer.context["plan"].counts] == ["3"]
    answer = saved(steward, address, LONG, source="example.org/all")
    assert (answer.status_code, answer.url) == (303, f"{ROOM}measures/{measure.pk}/figures/")
    assert points() == [
        ("2012", "Black", Decimal("13.8"), Decimal("0.4"), False, False),
        ("2019-07", "Asian", None, None, False, True),
        ("2019-07", "White", Decimal("3.1"), None, True, False),
    ]
    first, second, _third = DataPoint.objects.all()
    assert (first.method, first.note, first.source) == ("annual average", "All ages", "https://example.org/2012")
    assert second.source == "https://example.org/all"
    assert set(DataPoint.history.values_list("history_user", "history_type")) == {(rosa.pk, "+")}
    assert DataPoint.history.count() == 3
    (entry,) = AuditEntry.objects.about(measure)
    assert (entry.action, entry.actor, entry.facts) == ("import", rosa, {"new": 3, "changed": 0})


def test_a_wide_table_has_periods_down_and_groups_across(steward, address):  # noqa: F811
    assert saved(steward, address, WIDE).status_code == 303
    assert points() == [
        ("2012", "Black", Decimal("13.8"), None, False, False),
        ("2012", "Hispanic or Latino", Decimal("8.5"), None, False, False),
        ("2012", "White", Decimal("5.2"), None, False, False),
        ("2019-07", "Black", Decimal("6.3"), None, False, False),
        ("2019-07", "Hispanic or Latino", None, None, False, True),
        ("2019-07", "White", Decimal("3.1"), None, True, False),
    ]
    assert set(DataPoint.objects.filter(period="2012").values_list("source", flat=True)) == {"https://example.org/2012"}


def test_new_changed_and_same_are_told_apart_and_only_what_the_table_says_is_changed(steward, address, measure):  # noqa: F811
    black, white = (PopulationGroup.objects.get(short_name=name) for name in ("Black", "White"))
    make_point(measure=measure, period="2012", group=black, value=13, note="Kept", margin=1)
    make_point(measure=measure, period="2012", group=white, value="5.2", source="https://example.org/kept")
    text = "period\tBlack\tWhite\n2012\t13.8\t5.2\n2013\t14.7\t4.3\n"
    plan = looked_at(steward, address, text).context["plan"]
    assert [(row.outcome, row.before, row.after) for row in plan.rows] == [
        ("changed", "13% ± 1; Kept; https://example.org/figures", "13.8% ± 1; Kept; https://example.org/figures"),
        ("same", "5.2%; https://example.org/kept", "5.2%; https://example.org/kept"),
        ("new", "", "14.7%"),
        ("new", "", "4.3%"),
    ]
    saved(steward, address, text)
    changed = DataPoint.objects.get(period="2012", group=black)
    assert (changed.value, changed.note, changed.version) == (Decimal("13.8"), "Kept", 2)
    assert changed.history.count() == 2
    assert DataPoint.objects.get(period="2012", group=white).version == 1


def test_saying_yes_twice_saves_once(steward, address):  # noqa: F811
    digest = looked_at(steward, address, WIDE).context["plan"].digest
    answers = [steward.post(address, {"text": WIDE, "digest": digest, "confirm": "1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert DataPoint.objects.count() == DataPoint.history.count() == 6
    assert AuditEntry.objects.filter(action="import").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_save_once(rosa, work, client_of):  # noqa: F811
    measure = make_measure(collaboration=work, name="Unemployment")
    address = f"{ROOM}measures/{measure.pk}/figures/paste/"
    clients = [client_of(rosa) for _ in range(2)]
    digest = looked_at(clients[0], address, WIDE).context["plan"].digest
    sent = {"text": WIDE, "digest": digest, "confirm": "1"}
    answers = at_once(*(lambda one=one: one.post(address, sent) for one in clients))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert DataPoint.objects.count() == DataPoint.history.count() == 6


CHANGES = {
    "a figure of the table": lambda measure: make_point(
        measure=measure, period="2012", group=PopulationGroup.objects.get(short_name="Black"), value=1
    ),
    "another figure": lambda measure: make_point(measure=measure, period="1990"),
    "the measure itself": lambda measure: SharedMeasure.objects.get(pk=measure.pk).save(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_where_the_measure_changed_since_it_is_shown_anew(change, steward, address, measure):  # noqa: F811
    digest = looked_at(steward, address, WIDE).context["plan"].digest
    change(measure)
    count = DataPoint.objects.count()
    answer = steward.post(address, {"text": WIDE, "digest": digest, "confirm": "1"})
    assert (answer.status_code, DataPoint.objects.count()) == (409, count)
    assert "this is not what you looked at" in words(answer)
    again = answer.context["plan"].digest
    assert steward.post(address, {"text": WIDE, "digest": again, "confirm": "1"}).status_code == 303


def test_another_text_than_the_one_looked_at_is_not_saved(steward, address):  # noqa: F811
    digest = looked_at(steward, address, WIDE).context["plan"].digest
    answer = steward.post(address, {"text": WIDE.replace("13.8", "1.38"), "digest": digest, "confirm": "1"})
    assert (answer.status_code, DataPoint.objects.count()) == (409, 0)


def test_rows_that_are_wrong_are_named_by_their_line_and_nothing_is_saved(steward, address):  # noqa: F811
    text = "period\tgroup\tvalue\tsource\tsuppressed\n" + "\n".join(
        [
            "2012\tBlack\t13.8\t\t",
            "Jul-19\tBlack\t13.8\t\t",
            "",
            "2013\tBlack\tlots\t\t",
            "2014\tBlack\t$27,026\t\t",
            "2015\tBlack\t1\tjavascript:alert(1)\t",
            "2012\tBlack or African American\t13.9\t\t",
            "2016\tBlack\t5\t\tyes",
            "2017\tBlack\t5\t\tperhaps",
            "2018\tBlack\t1.23456\t\t",
            "2019\tBlack\t=1+1\t\t",
        ]
    )
    answer = looked_at(steward, address, text)
    assert (answer.status_code, DataPoint.objects.count()) == (400, 0)
    assert complaints(answer) == {
        3: ["“Jul-19” is no period that we can read. Write 2019, July 2019, Q3 2019 or 2015-2019."],
        5: ["“lots” is no number that we can read. Write 13.8 or 1,234.5."],
        6: ["“$27,026” is in another unit than this measure, which is printed as: Percent."],
        7: ["Enter a web address that starts with http:// or https://."],
        8: ["Line 2 gives this group and period, too."],
        9: ["It is marked as suppressed, and has a value. Leave one of them out."],
        10: ["Write yes or no, not “perhaps”."],
        11: ["Ensure that there are no more than 4 decimal places."],
        12: ["“=” is no number that we can read. Write 13.8 or 1,234.5."],
    }
    page = words(answer)
    assert "Line 3, Black, Jul-19:" in page
    assert text.splitlines()[1] in page
    assert 'name="confirm"' not in page
    forced = steward.post(address, {"text": text, "digest": answer.context["plan"].digest, "confirm": "1"})
    assert (forced.status_code, DataPoint.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "Paste the cells of your table, with the names of its columns."),
        (" \n\t\n", "There is nothing to read. Copy the cells of your table, with the names above them."),
        ("period,group,value", "There is only one line. The first line names the columns; the figures stand below it."),
        ("group,value\nBlack,1", "A column for the period is missing. Call it “period”."),
        ("period,group,value,mood\n2012,Black,1,good", "Unknown column: mood."),
        ("period,group,value,rate\n2012,Black,1,2", "More than one column stands for this: value."),
        ("Black,White\n1,2", "We can't tell what the columns are."),
        ("period,Black\n2012,27,026", "Line 2 has more cells than the first line."),
        ('period,Black\n2012,"27', "The quotation marks in line 2 don't match."),
        ("period,Black\n2012,\n", "No cell of the table holds a figure."),
        ("period" + ",Black" * 40 + "\n2012", "The table has more than 40 columns."),
        ("period,Black\n" + "2012,1\n" * 1001, "The table has more than 1000 figures."),
        ("x" * 100_001, "Ensure this value has at most 100000 characters"),
        ("period,Black\n2012,\x00", "Null characters are not allowed."),
        ("period,Black,\n2012,1,2", "Column 3 has no name in the first line. Name it, or leave it out."),
        (",period,group,value\n7,2012,Black,1", "Column 1 has no name in the first line. Name it, or leave it out."),
        ("period,group,value\n2012," + "alone " * 16_000 + ",1", "A cell in line 2 has more than 600 characters."),
        ("period," + "alone " * 16_000 + "\n2012,1", "A cell in line 1 has more than 600 characters."),
        (
            "period,group,value\n" + "".join(f"2012,{number},Black\n" for number in range(41)),
            "We know none of the groups “0” and 40 others. Does each column stand below its own name?",
        ),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words_with_the_text_kept(text, complaint, steward, address):  # noqa: F811
    answer = looked_at(steward, address, text)
    assert (answer.status_code, DataPoint.objects.count()) == (400, 0)
    assert refusal(answer)[0].startswith(complaint)
    assert answer.context["form"]["text"].value() == text


def test_a_group_that_is_not_clear_is_asked_for_and_answered_once_for_all_its_figures(steward, address):  # noqa: F811
    text = "period\tAsian/Pacific Islander\tPeople of color\n2012\t1\t2\n2013\t3\t4\n"
    answer = looked_at(steward, address, text)
    assert answer.status_code == 400
    asked = answer.context["asked"]
    assert list(asked.words.values()) == ["Asian/Pacific Islander", "People of color"]
    islanders, color = asked.words
    asian = PopulationGroup.objects.get(name="Asian")
    half = looked_at(steward, address, text, **{islanders: asian.pk})
    assert (half.status_code, list(half.context["asked"].errors)) == (400, [color])
    answers = {islanders: asian.pk, color: "new"}
    assert looked_at(steward, address, text, **answers).status_code == 200
    assert PopulationGroup.objects.filter(name="People of color").count() == 0
    assert saved(steward, address, text, **answers).status_code == 303
    made = PopulationGroup.objects.get(name="People of color")
    assert (made.kind, DataPoint.objects.filter(group=made).count()) == ("other", 2)
    published = set(DataPoint.objects.filter(group=asian).values_list("group_as_published", flat=True))
    assert published == {"Asian/Pacific Islander"}
    assert AuditEntry.objects.about(made).get().action == "add"
    # From now on it is known by its name.
    assert looked_at(steward, address, text, **{islanders: asian.pk}).status_code == 200


def test_an_answer_stays_with_its_word_when_the_table_is_mended(steward, address):  # noqa: F811
    text = "period\tOne\tTwo\n2012\t1\t2\n"
    one, two = looked_at(steward, address, text).context["asked"].words
    mended = "period\tTwo\n2012\t2\n"
    answer = looked_at(steward, address, mended, **{one: "new", two: ""})
    assert (answer.status_code, list(answer.context["asked"].errors)) == (400, [two])


@pytest.mark.parametrize("answer", ["999999", "old", "x" * 5000])
def test_an_answer_that_was_not_offered_is_refused(answer, steward, address):  # noqa: F811
    text = "period\tOne\n2012\t1\n"
    (name,) = looked_at(steward, address, text).context["asked"].words
    assert looked_at(steward, address, text, **{name: answer}).status_code == 400


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("", "Say which group this is the figure of."),
        ("?", "Say which group this is the figure of."),
        ("=1+1", "Say which group this is the figure of."),
        ("x" * 81, "Ensure this value has at most 80 characters (it has 81)."),
    ],
)
def test_a_word_that_can_not_name_a_group_makes_none(word, complaint, steward, address):  # noqa: F811
    text = f"period\tgroup\tvalue\n2012\t{word}\t1\n"
    asked = looked_at(steward, address, text).context["asked"].words
    answer = looked_at(steward, address, text, **dict.fromkeys(asked, "new"))
    assert (answer.status_code, complaints(answer)) == (400, {2: [complaint]})
    assert saved(steward, address, text, **dict.fromkeys(asked, "new")).status_code == 400
    assert PopulationGroup.objects.filter(kind="other").count() == 0


def test_a_column_without_a_name_that_is_empty_is_left_out(steward, address):  # noqa: F811
    assert len(looked_at(steward, address, "\tBlack\t\n2012\t1\t\n").context["plan"].written) == 1


def test_what_is_saved_is_all_or_nothing(steward, address, monkeypatch):  # noqa: F811
    def refuse(*args, **kwargs):
        raise IntegrityError

    text = "period\tPeople of color\n2012\t1\n"
    (name,) = looked_at(steward, address, text).context["asked"].words
    digest = looked_at(steward, address, text, **{name: "new"}).context["plan"].digest
    monkeypatch.setattr(pasting.history, "record", refuse)
    with pytest.raises(IntegrityError):
        steward.post(address, {"text": text, "digest": digest, "confirm": "1", name: "new"})
    assert (DataPoint.objects.count(), PopulationGroup.objects.filter(name="People of color").count()) == (0, 0)


def test_nothing_is_pasted_into_a_measure_of_an_ended_collaboration(steward, address):  # noqa: F811
    digest = looked_at(steward, address, WIDE).context["plan"].digest
    Collaboration.objects.update(ended="2026")
    answer = steward.post(address, {"text": WIDE, "digest": digest, "confirm": "1"})
    assert (answer.status_code, DataPoint.objects.count()) == (409, 0)
    assert "This collaboration has ended" in words(answer)
    assert "July 2019,6.3" in words(answer)


def test_the_words_of_a_table_are_inert(steward, address):  # noqa: F811
    text = "period\tgroup\tvalue\tnote\n2012\tBlack\t1\t<script>alert(1)</script>\n2013\t<b>x</b>\t1\t\n"
    assert "<script>alert" not in words(looked_at(steward, address, text))
    assert "<b>x</b>" not in words(looked_at(steward, address, text))


def test_the_preview_asks_the_same_questions_for_few_and_many_figures(steward, address, django_assert_num_queries):  # noqa: F811
    for count in (1, 400):
        text = "period,Black\n" + "".join(f"{1500 + number},1\n" for number in range(count))
        with django_assert_num_queries(8):
            looked_at(steward, address, text)
