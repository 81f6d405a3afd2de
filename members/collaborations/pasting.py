"""Figures of a measure from the cells of a spreadsheet: read, compared with what is here, and saved all at once or not
at all.

A table is long, with a column for each of `COLUMNS` that it has, or wide, with periods down the side and groups across.
The text goes to and fro with the page, so nothing is kept until somebody says yes to what they saw.
"""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alliance.core import audit, history
from alliance.core.admin_base import in_plain_words
from alliance.core.exchange.columns import YES_OR_NO
from alliance.core.exchange.sheets import FORMULA, Unreadable, rows_of
from alliance.core.notes.forms import plain

from . import editing, figures, periods, reading
from .models import DataPoint, PopulationGroup

CHARACTERS = 100_000
FIGURES = 1_000
WIDTH = 40  # columns
LONGEST_CELL = 600  # characters, those of a web address
MOST_UNCLEAR = 40  # words for groups that a page asks about

# The columns of a long table, each with the words that may stand above it.
COLUMNS = {
    "period": ("period", "year", "month", "quarter", "date", "time", "years"),
    "group": ("group", "race", "race ethnicity", "race or ethnicity", "race and ethnicity", "population"),
    "value": ("value", "figure", "rate", "percent", "amount", "estimate"),
    "margin": ("margin", "margin of error", "moe"),
    "approximate": ("approximate", "about"),
    "suppressed": ("suppressed", "withheld"),
    "method": ("method",),
    "source": ("source", "sources", "link"),
    "note": ("note", "notes", "comment"),
}
HEADINGS = {word: name for name, words in COLUMNS.items() for word in words}
# What a wide table may have beside its groups, for all figures of a line.
BESIDE = ("method", "source", "note")
LONG_EXAMPLE = "period\tgroup\tvalue\nJuly 2019\tBlack\t6.3\nJuly 2019\tWhite\t3.1"
WIDE_EXAMPLE = "period\tBlack\tWhite\tLatino\n2012\t13.8\t5.2\t8.5\nJuly 2019\t6.3\t3.1\tabout 4.3"
NEW_GROUP = "new"
FORMULA_SIGN = "="

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
OUTCOMES = {
    NEW: gettext_lazy("New"),
    CHANGED: gettext_lazy("Changed"),
    SAME: gettext_lazy("Same"),
    WRONG: gettext_lazy("Wrong"),
}


@dataclass
class Row:
    """One figure of the table: where it stands, what its cells say, and what that comes to."""

    line: int
    period_text: str
    group_word: str
    cells: dict
    period: str = ""
    group: PopulationGroup | None = None
    point: DataPoint | None = None
    before: str = ""
    outcome: str = WRONG
    errors: list = field(default_factory=list)
    changed: list = field(default_factory=list)

    @property
    def label(self):
        return OUTCOMES[self.outcome]

    @property
    def when(self):
        return periods.describe(self.period) if self.period else self.period_text

    @property
    def after(self):
        return told(self.point) if self.point and not self.errors else self.cells.get("value", "")

    def complain(self, error):
        self.errors += ValidationError(error).messages


class Table:
    """The cells as `rows`, one for each figure. Raises Unreadable where nobody can tell what stands where."""

    def __init__(self, text):
        lines = cells_of(text)
        if not lines:
            raise Unreadable(_("There is nothing to read. Copy the cells of your table, with the names above them."))
        (_first, heading), *lines = lines
        if len(heading) > WIDTH:
            raise Unreadable(_("The table has more than %(width)d columns.") % {"width": WIDTH})
        if not lines:
            raise Unreadable(_("There is only one line. The first line names the columns; the figures stand below it."))
        names = [HEADINGS.get(reading.plain_group(one)) for one in heading]
        for line, cells in lines:
            if any(cells[len(heading) :]):
                complaint = _(
                    "Line %(line)d has more cells than the first line. Copy the table from your spreadsheet, or put "
                    "numbers with a comma in quotation marks."
                )
                raise Unreadable(complaint % {"line": line})
        lines = [(line, cells + [""] * (len(heading) - len(cells))) for line, cells in lines]
        is_long = "group" in names and "value" in names
        # The periods of a wide table may stand below nothing.
        for place in range(0 if is_long else 1, len(heading)):
            if not heading[place] and any(cells[place] for _line, cells in lines):
                complaint = _("Column %(number)d has no name in the first line. Name it, or leave it out.")
                raise Unreadable(complaint % {"number": place + 1})
        self.rows = list(long_rows(names, heading, lines) if is_long else wide_rows(names, heading, lines))
        if not self.rows:
            raise Unreadable(_("No cell of the table holds a figure."))
        if len(self.rows) > FIGURES:
            raise Unreadable(
                _("The table has more than %(most)d figures. Paste it in parts; nothing was saved.") % {"most": FIGURES}
            )

    def unclear(self, groups):
        """{word: how many figures} of the words for groups that may mean none or several. Raises Unreadable where they
        are so many that another column must be meant."""
        words = (row.group_word for row in self.rows if reading.plain_group(row.group_word))
        found = Counter(word for word in words if groups.find(word) is None)
        if len(found) > MOST_UNCLEAR:
            complaint = _(
                "We know none of the groups “%(word)s” and %(count)d others. Does each column stand below its own name?"
            )
            raise Unreadable(complaint % {"word": next(iter(found)), "count": len(found) - 1})
        return found


def cells_of(text):
    """[(line, cells)] of all lines that are not blank. A formula is no figure: it is refused where it is read. Raises
    Unreadable for a cell that nothing in a table of figures is as long as."""
    rows = ([FORMULA_SIGN if cell is FORMULA else plain(cell) for cell in row] for row in rows_of(text))
    lines = [(line, cells) for line, cells in enumerate(rows, 1) if any(cells)]
    for line, cells in lines:
        if max(map(len, cells)) > LONGEST_CELL:
            complaint = _("A cell in line %(line)d has more than %(most)d characters.")
            raise Unreadable(complaint % {"line": line, "most": LONGEST_CELL})
    return lines


def long_rows(names, heading, lines):
    """A figure on each line. Raises Unreadable for a column that we don't know, or that stands there twice."""
    if unknown := [word for word, name in zip(heading, names, strict=True) if name is None and word]:
        words = ngettext("Unknown column: %(names)s.", "Unknown columns: %(names)s.", len(unknown))
        raise Unreadable(words % {"names": ", ".join(unknown)})
    if repeated := [name for name, times in Counter(filter(None, names)).items() if times > 1]:
        raise Unreadable(_("More than one column stands for this: %(names)s.") % {"names": ", ".join(repeated)})
    if "period" not in names:
        raise Unreadable(_("A column for the period is missing. Call it “period”."))
    for line, cells in lines:
        said = {name: cells[place] for place, name in enumerate(names) if name}
        yield Row(line, said.pop("period"), said.pop("group"), said)


def wide_rows(names, heading, lines):
    """A figure in each cell below the name of a group; cells that are empty have none."""
    if names[0] not in ("period", None) or names[0] is None and heading[0]:
        raise Unreadable(
            _(
                "We can't tell what the columns are. Name them “period”, “group” and “value”, or put “period” above "
                "the first column and a group above each of the others."
            )
        )
    across = {place: word for place, word in enumerate(heading) if place and word and names[place] not in BESIDE}
    beside = {name: place for place, name in enumerate(names) if name in BESIDE}
    for line, cells in lines:
        said = {name: cells[place] for name, place in beside.items()}
        for place, word in across.items():
            if cells[place]:
                yield Row(line, cells[0], word, {"value": cells[place], **said})


class Plan:
    """What a table comes to for a measure. `answers` says for each unclear word which group is meant, a group's number
    or NEW_GROUP; `source` is the web address for what has none of its own."""

    def __init__(self, measure, table, groups, source="", answers=None):
        self.measure, self.rows, self.source = measure, table.rows, source
        self.made = {}
        self.kept = list(measure.points.select_related("group"))
        here = {(point.period, point.group_id): point for point in self.kept}
        answers = answers or {}
        known = {str(group.pk): group for group in groups.all}
        first = {}
        for row in self.rows:
            row.group = groups.find(row.group_word) or known.get(answers.get(row.group_word))
            if row.group is None and answers.get(row.group_word) == NEW_GROUP:
                row.group = self.made.setdefault(reading.plain_group(row.group_word), new_group(row.group_word))
            self.read(row, here)
            if row.point:
                place = row.period, row.group.pk or row.group.name
                if (other := first.setdefault(place, row)) is not row:
                    row.complain(_("Line %(line)d gives this group and period, too.") % {"line": other.line})
                    row.outcome = WRONG
        self.rows = [row for row in self.rows if row.point or row.errors or row.group is None]

    def read(self, row, here):
        """Read the cells of a row into its point, and compare that with what is here."""
        values = {}
        for read in (self.read_period, self.read_figure, self.read_words):
            try:
                values |= read(row)
            except ValidationError as error:
                row.complain(error)
        if "value" not in values and not row.errors:
            return  # no figure there
        if row.errors or row.group is None:
            return
        there = here.get((row.period, row.group.pk)) if row.group.pk else None
        row.point = there or DataPoint(measure=self.measure, group=row.group, period=row.period, source=self.source)
        row.before = told(there) if there else ""
        for name, value in values.items():
            if getattr(row.point, name) != value:
                row.changed.append(name)
                setattr(row.point, name, value)
        try:
            row.point.clean_fields(exclude=("measure", "group", "period"))
            row.group.clean_fields()
        except ValidationError as error:
            row.complain(error)
        row.outcome = WRONG if row.errors else NEW if there is None else CHANGED if row.changed else SAME

    def read_period(self, row):
        row.period = reading.period(row.period_text)
        return {}

    def read_figure(self, row):
        cells, form = row.cells, self.measure.format
        withheld = yes_or_no(cells.get("suppressed", ""))
        found = reading.figure(cells["value"], form)
        if withheld and found and found.value is not None:
            raise ValidationError(_("It is marked as suppressed, and has a value. Leave one of them out."))
        if withheld:
            found = reading.Figure(None)
        if found is None:
            return {}
        if not reading.plain_group(row.group_word):
            raise ValidationError(_("Say which group this is the figure of."))
        said = {"value": found.value, "is_suppressed": found.is_suppressed, "is_approximate": found.is_approximate}
        if not found.is_suppressed and yes_or_no(cells.get("approximate", "")):
            said["is_approximate"] = True
        if found.is_suppressed:
            said["margin"] = None
        elif found.margin is not None:
            said["margin"] = found.margin
        elif "margin" in cells:
            said["margin"] = reading.margin(cells["margin"], form)
        if said.get("margin") is not None and said["margin"] < 0:
            raise ValidationError(_("A margin of error is never below zero."))
        return said

    def read_words(self, row):
        said = {name: row.cells[name] for name in BESIDE if row.cells.get(name)}
        if row.group and row.group.pk:
            own = {reading.one_line(one).lower() for one in (row.group.name, row.group.short_name)}
            if reading.one_line(row.group_word).lower() not in own:
                said["group_as_published"] = row.group_word
        return said

    def of(self, outcome):
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def wrong(self):
        return [row for row in self.rows if row.errors]

    @property
    def written(self):
        return self.of(NEW) + self.of(CHANGED)

    @property
    def is_right(self):
        """Whether all of it may be saved."""
        return not self.of(WRONG)

    @property
    def counts(self):
        return [(label, len(self.of(outcome))) for outcome, label in OUTCOMES.items() if self.of(outcome)]

    @property
    def digest(self):
        """A word that is another one as soon as anything is that the preview shows, or any figure of the measure."""
        shown = [(row.line, row.outcome, row.when, str(row.group), row.before, row.after) for row in self.rows]
        kept = [(point.pk, point.version) for point in self.kept]
        return sha256(repr((self.measure.version, kept, shown)).encode()).hexdigest()

    def write(self, user):
        """Save all of it, in the caller's transaction, as one version of each figure."""
        for group in self.made.values():
            group.save()
            audit.record("add", actor=user, about=group, after={"name": group.name})
        new, changed = [row.point for row in self.of(NEW)], [row.point for row in self.of(CHANGED)]
        now = timezone.now()
        for point in (*new, *changed):
            point.version, point.updated_at, point.group_id = point.version + 1, now, point.group.pk
        points = DataPoint.objects.bulk_create(new)
        names = sorted({name for row in self.of(CHANGED) for name in row.changed})
        if changed:
            DataPoint.objects.bulk_update(changed, [*names, "version", "updated_at"])
        history.record(DataPoint, [point.pk for point in (*points, *changed)], user, _("Pasted from a spreadsheet."))
        audit.record("import", actor=user, about=self.measure, new=len(new), changed=len(changed))


def new_group(word):
    longest = PopulationGroup._meta.get_field("short_name").max_length
    return PopulationGroup(name=word, short_name=word[:longest])


def yes_or_no(text):
    try:
        return YES_OR_NO[text.strip().lower() or "no"]
    except KeyError:
        raise ValidationError(_("Write yes or no, not “%(text)s”.") % {"text": text}) from None


def told(point):
    """A figure in words, with all that a paste may change of it."""
    words = figures.printed_point(point, point.measure.format)
    if point.margin is not None:
        words = f"{words} ± {figures.plain(point.margin)}"
    return "; ".join(filter(None, [words, point.group_as_published, point.method, point.note, point.source]))


class Overtaken(Exception):  # noqa: N818 - an answer, not an error
    """Nothing was saved: this is not what the person said yes to. `plan` is what it comes to now, and `reason` what the
    database said against it, if it was that which refused."""

    def __init__(self, plan, reason=""):
        super().__init__(reason)
        self.plan, self.reason = plan, reason


def save(*, user, slug, measure, make_plan, digest):
    """Save what `make_plan` makes of the measure, if that is still what `digest` names; return the plan. Doing it twice
    saves it once. Raises Overtaken, editing.Refused where the collaboration has ended, and Http404 where the person
    keeps no such measure."""
    try:
        with transaction.atomic():
            collaboration = editing.locked(user, slug)
            measure = get_object_or_404(collaboration.measures.select_for_update(of=("self",)), pk=measure)
            if collaboration.ended is not None:
                raise editing.Refused("ended")
            list(measure.points.select_for_update(of=("self",)))
            plan = make_plan(measure)
            if plan.is_right and not plan.written:
                return plan
            if not plan.is_right or plan.digest != digest:
                raise Overtaken(plan)
            plan.write(user)
            return plan
    except DatabaseError as error:
        if (words := in_plain_words(error)) is None:
            raise
        raise Overtaken(make_plan(measure), words) from error
