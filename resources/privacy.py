"""Who changed what in the library, and whom it names to ask about a resource in use."""

import re

from django.db.models import Q

from alliance.core.privacy import changes_by, notes_from, notes_settled
from alliance.core.vocabulary import Visibility

from .models import Adoption, Collection, Resource, Suggestion, Topic

COVERS = (
    "resources.Adoption.contact",
    "resources.HistoricalAdoption.contact",
    "resources.HistoricalAdoption.history_user",
    "resources.HistoricalCollection.history_user",
    "resources.HistoricalResource.history_user",
    "resources.HistoricalTopic.history_user",
    "resources.Suggestion.email",
    "resources.Suggestion.settled_by",
)

# Each model that has a history, and what its rows are called by.
NAMED_BY = {Resource: "title", Topic: "name", Collection: "title", Adoption: "resource__title"}


def export(user):
    return {
        "changes that you made in the library": changes_by(user, NAMED_BY),
        "resources that you suggested": notes_from(user, Suggestion),
        "suggestions that you settled": notes_settled(user, Suggestion),
        "contacts in the library that name you": [
            {"resource": one.resource.title, "government": str(one.jurisdiction), "contact": one.contact}
            for one in naming(user, Adoption.objects).select_related("resource", "jurisdiction").order_by("pk")
        ],
        "older versions of such contacts": [
            {"when": version.history_date, "contact": version.contact}
            for version in naming(user, Adoption.history).order_by("history_date", "history_id")
        ],
    }


def naming(user, adoptions):
    """Those of the adoptions, or of their versions, whose contact is this person: by their address or their full name.

    One name alone is no one's own: "Ada" is also a county.
    """
    by_address = Q(contact__iregex=rf"(^|[^\w.+-]){re.escape(user.email)}(?!\.?[\w-])")
    by_name = Q(contact__iregex=rf"(^|\W){re.escape(user.name)}($|\W)") if " " in user.name.strip() else Q()
    return adoptions.filter(by_address | by_name)


def erase(user):
    Suggestion.objects.filter(email=user.email).delete()
    for adoptions in (Adoption.objects, Adoption.history):
        naming(user, adoptions).update(contact="", contact_visibility=Visibility.STAFF)
