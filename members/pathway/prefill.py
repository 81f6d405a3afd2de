"""What an application knows when it begins: only what the register, the network or the account says for certain."""

from cohorts.models import Jurisdiction, Place

from .models import SnapshotAnswer
from .questions import BY_ID, SECTIONS, Kind


def known(chosen, user):
    """What `workflow.start` takes about the government that `chosen` (an Assessment, saved or not) names, and about the
    person who begins."""
    place = chosen.place
    jurisdiction = chosen.jurisdiction or place and Jurisdiction.objects.published().filter(place=place).first()
    answers = {
        "identity": of_jurisdiction(jurisdiction) if jurisdiction else of_place(place) if place else of_words(chosen),
        "contacts": {"lead_name": user.name, "lead_email": user.email},
    }
    return {
        "place": place or jurisdiction and jurisdiction.place,
        "jurisdiction": jurisdiction,
        "assessment": chosen if chosen.pk else None,
        "answers": {section: said(some) for section, some in answers.items()},
    }


def handed_in_before(application, roadmap):
    """What `workflow.start` takes to begin anew with the answers that were handed in last, for the same government.
    Whatever one consents to is asked anew; what names somebody who has left us is gone."""
    latest = application.snapshots.order_by("-number").values("pk")[:1]
    answers = SnapshotAnswer.objects.filter(snapshot__in=latest).exclude(answer=None)
    kept = {name: answer for name, answer in answers.values_list("question", "answer") if not is_consent(name)}
    sections = {
        section.id: {one.id: kept[one.id] for one in section.questions if one.id in kept} for section in SECTIONS
    }
    return {
        "place": application.place,
        "jurisdiction": application.jurisdiction,
        "assessment": roadmap,
        "answers": {section: answers for section, answers in sections.items() if answers},
    }


def is_consent(name):
    return BY_ID[name].kind == Kind.CONSENT


def said(answers):
    """The answers that say something, as text."""
    return {question: str(answer) for question, answer in answers.items() if answer}


def of_jurisdiction(one):
    figures = one.figures
    known = {"geoid": figures.geoid, "population": figures.population, "website": one.website}
    return {"name": one.name, "kind": one.kind, "state": one.state} | known


def of_place(place):
    is_county = place.kind == Place.Kind.COUNTY and not place.is_county_equivalent
    return {
        "name": place.full_name if is_county else place.name,
        "kind": "" if place.is_county_equivalent else place.government_kind or "",
        "state": place.state,
        "geoid": place.geoid,
        "population": place.population,
    }


def of_words(chosen):
    return {"name": chosen.name, "state": chosen.state}
