"""The plan of an onboarding, as data: what an accepted government does in its first months, by its levels."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from alliance.core.vocabulary import Domain


class Step(NamedTuple):
    """One step: `days` after the acceptance by which it is done. With `below`, it is only for governments whose level
    in its domain is lower than that, or was not scored."""

    id: str
    title: str
    help: str
    owner: str
    days: int
    domain: str = ""
    below: int | None = None


# The step that is done when the page is shown.
PAGE = "page"

STEPS = [
    Step(
        "core_team",
        _("Name the racial equity core team"),
        _("A handful of people from several departments, with time for it and a lead who reports to the top."),
        _("Executive sponsor"),
        30,
        Domain.INFRASTRUCTURE,
        below=3,
    ),
    Step(
        "commitment",
        _("Publish the commitment"),
        _("Put the resolution, order or plan on your own website, where everybody can read it, and send us the link."),
        _("Executive sponsor"),
        45,
        Domain.LEADERSHIP,
        below=4,
    ),
    Step(
        PAGE,
        _("Look at your page and say yes"),
        _("We prepared a public page of your government. It appears when you have seen it and agreed."),
        _("Lead of the application"),
        14,
    ),
    Step(
        "gathering",
        _("Attend the first gathering"),
        _("Two or more people of the core team come to the next gathering of the network."),
        _("Racial equity core team"),
        60,
    ),
    Step(
        "peer",
        _("Choose a peer"),
        _("Talk to a government of your kind and size that is a step further. We offer you one as a guide."),
        _("Racial equity core team"),
        45,
        Domain.COLLABORATION,
    ),
    Step(
        "baseline",
        _("Choose one result and find its baseline, split by race"),
        _("One condition in your community that you want to change, and how it stands today for each group."),
        _("Racial equity core team"),
        90,
        Domain.DATA,
        below=3,
    ),
    Step(
        "tool",
        _("Use a racial equity tool on one decision"),
        _("Take one decision that is coming anyway, and go through the questions of a tool before you make it."),
        _("Racial equity core team"),
        90,
        Domain.TOOLS,
        below=3,
    ),
    Step(
        "practice",
        _("Share one practice"),
        _("Something that worked with you: a form, a plan, a way to decide. It helps the next government."),
        _("Racial equity core team"),
        90,
    ),
]


def steps_for(levels):
    """The steps for a government with these levels, {domain: 0 to 4}, in the order of their days."""
    asked = (one for one in STEPS if one.below is None or levels.get(one.domain, 0) < one.below)
    return sorted(asked, key=lambda one: one.days)
