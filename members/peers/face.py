"""What others see of a person in the peer network. Pages and mails take nothing else of a profile."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from alliance.core.vocabulary import Domain, Language
from cohorts.models import Jurisdiction

from .models import PeerProfile

Part = PeerProfile.Part


class Wish(NamedTuple):
    """What a person can help with or looks for: in their own words, and as domains and topics by name."""

    words: str
    fields: list


class Face(NamedTuple):
    """The parts of a profile that its person shows; what they do not show is empty."""

    name: str
    government: Jurisdiction | None
    title: str
    helps: Wish | None
    seeks: Wish | None
    languages: list
    time: str

    def __str__(self):
        """What the person is called: never by their address, whatever their account holds."""
        if self.name:
            return self.name
        if self.government:
            return _("Somebody at %(government)s") % {"government": self.government}
        return _("Somebody in the peer network")


def face_of(profile, helps_topics=None, seeks_topics=None):
    """The face of a profile, of `PeerProfile.objects.with_people()`; the topics besides for one that is not saved."""
    if helps_topics is None:
        helps_topics, seeks_topics = profile.helps_in, profile.seeks_in
    tie, shown = profile.membership, set(profile.shown)
    return Face(
        name=profile.user.name if Part.NAME in shown else "",
        government=tie.jurisdiction if Part.GOVERNMENT in shown else None,
        title=tie.title if Part.TITLE in shown else "",
        helps=wish(profile.helps, profile.helps_domains, helps_topics) if Part.HELPS in shown else None,
        seeks=wish(profile.seeks, profile.seeks_domains, seeks_topics) if Part.SEEKS in shown else None,
        languages=[str(Language(code).label) for code in profile.languages] if Part.LANGUAGES in shown else [],
        time=profile.get_time_display() if Part.TIME in shown else "",
    )


def wish(words, domains, topics):
    fields = [str(Domain(one).label) for one in domains] + [topic.name for topic in topics]
    return Wish(words, fields) if words or fields else None
