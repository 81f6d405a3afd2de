"""The peer finder for anyone: who helps a government most with its work, why, and what to read of it first."""

import json
from functools import cached_property

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from alliance.core import dates
from alliance.core.templatetags.portal import lowerfirst
from cohorts import likeness
from cohorts.models import Milestone

from .finder import itself
from .ranking import governments

# Governments with a long record have acts of many kinds; so many say enough.
MOST_KINDS = 3

Kind = Milestone.Kind
ACTS = {
    Kind.RESOLUTION: ngettext_lazy(
        "adopted a resolution in %(year)s", "adopted %(number)s resolutions, the latest in %(year)s", "count"
    ),
    Kind.ORDINANCE: ngettext_lazy(
        "adopted an ordinance in %(year)s", "adopted %(number)s ordinances, the latest in %(year)s", "count"
    ),
    Kind.OFFICE: ngettext_lazy(
        "opened an office in %(year)s", "opened %(number)s offices, the latest in %(year)s", "count"
    ),
    Kind.ACTION_PLAN: ngettext_lazy(
        "made an action plan in %(year)s", "made %(number)s action plans, the latest in %(year)s", "count"
    ),
    Kind.TOOL: ngettext_lazy("adopted a tool in %(year)s", "adopted %(number)s tools, the latest in %(year)s", "count"),
    Kind.TRAINING: ngettext_lazy(
        "held a training in %(year)s", "held %(number)s trainings, the latest in %(year)s", "count"
    ),
    Kind.BUDGET: ngettext_lazy(
        "acted in its budget in %(year)s", "acted %(number)s times in its budget, the latest in %(year)s", "count"
    ),
    Kind.REPORT: ngettext_lazy(
        "published a report in %(year)s", "published %(number)s reports, the latest in %(year)s", "count"
    ),
    Kind.OTHER: ngettext_lazy(
        "took another step in %(year)s", "took %(number)s other steps, the latest in %(year)s", "count"
    ),
}


def find(government, work, weights):
    """The most useful peers of a Place or a Jurisdiction, itself not among them; two questions to the database."""
    own = governments.published().filter(itself(government)).values_list("pk", flat=True)
    return [UsefulPeer(one, government) for one in governments.useful_to(government, work, weights, without=own)]


class UsefulPeer:
    """A row of `useful_to` in words. Each reason is true of what is on record, and what is not known is not said."""

    def __init__(self, jurisdiction, government):
        self.jurisdiction, self.government = jurisdiction, government
        self.record = json.loads(jurisdiction.record)

    @property
    def reasons(self):
        one, figures = self.jurisdiction, getattr(self.government, "figures", self.government)
        words = [likeness.kind_in_words(one, self.government)]
        if one.people and figures.population:
            words.append(size_in_words(figures.population, one.people))
        words += likeness.whereabouts(one, self.government)
        words += [act_in_words(*act) for act in (self.record["acts"] or [])[:MOST_KINDS]]
        words += self._uses_in_words()
        if count := self.record["seats"]:
            words.append(
                ngettext("sits in a collaboration", "sits in %(number)s collaborations", count) % in_words(count)
            )
        if one.stage:
            words.append(_("its work is at the stage “%(stage)s”") % {"stage": one.get_stage_display().lower()})
        return words

    def _uses_in_words(self):
        if self.record["uses_on"]:
            return [
                ngettext("uses a resource on %(topic)s", "uses %(number)s resources on %(topic)s", count)
                % {"topic": lowerfirst(topic), **in_words(count)}
                for topic, count in self.record["uses_on"]
            ]
        count = self.record["uses"]
        uses = ngettext("uses a resource of the library", "uses %(number)s resources of the library", count)
        return [uses % in_words(count)] if count else []

    @cached_property
    def reading(self):
        """What to read first, as (words, address): the latest act, else a resource in use, else its page."""
        page = self.jurisdiction.get_absolute_url()
        if act := self.record["latest_act"]:
            pk, title, date = act
            return f"{title} ({dates.describe(date)})", f"{page}#milestone-{pk}"
        if use := self.record["first_use"]:
            slug, title = use
            return title, reverse("resource_detail", args=[slug])
        return _("what %(name)s has done") % {"name": self.jurisdiction.name}, page


def in_words(count):
    """A count as running text has it, for ngettext: "two", "14"."""
    return {"number": apnumber(count)}


def act_in_words(kind, count, latest):
    return ACTS[kind] % {"count": count, "year": latest[:4], **in_words(count)}


def size_in_words(ours, theirs):
    """Compare two populations, neither of them nobody: to one decimal, and from ten times on without."""
    if (times := rounded(theirs / ours)) == "1":
        return _("about the same population")
    if theirs * 10 >= ours:
        return _("%(times)s times your population") % {"times": times}
    return _("you have %(times)s times its population") % {"times": rounded(ours / theirs)}


def rounded(times):
    return f"{times:,.1f}".removesuffix(".0") if times < 10 else f"{times:,.0f}"
