"""The public vocabulary of the peer network. Whatever others see, count or search begins at `visible_to`."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Concat

from alliance.core.search import Fold


class TieRequestQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for staff."""
        return self.filter(status=self.model.Status.ASKED)


def shows(part):
    """The condition that a person shows a part of their profile (`PeerProfile.Part`)."""
    return Q(shown__contains=[part])


def if_shown(part, text):
    """SQL: the text, or nothing where the person does not show that part."""
    return Case(When(shows(part), then=text), default=Value(""), output_field=models.TextField())


class PeerProfileQuerySet(models.QuerySet):
    def listed(self):
        """Those that can be seen at this moment: their person wants it and is a member, and no report of them ended
        with hiding them, which a new profile does not undo."""
        return self.of_members().filter(is_listed=True).exclude(user__abuse_reported__hides=True)

    def lists(self, user):
        """Whether somebody can be found at this moment."""
        return self.listed().filter(user=user).exists()

    def of_members(self):
        """Those whose person has an account and appears with a tie that is current and verified."""
        return self.filter(
            user__is_active=True,
            user__erased_at=None,
            membership__user=F("user"),
            membership__ended_on=None,
            membership__verified_on__isnull=False,
        )

    def open_to(self, user):
        """Everybody who is listed and did not block this person, without themselves: those who may be seen by them, and
        would be if they had blocked nobody."""
        blocks = user.blocks.model.objects.filter(blocker=OuterRef("user"), blocked=user)
        return self.listed().exclude(user=user).exclude(Exists(blocks))

    def visible_to(self, user):
        """Those that this person may see: without whom they blocked, either. Whether they may look at all is for
        `access` to say."""
        return self.open_to(user).exclude(Exists(user.blocks.filter(blocked=OuterRef("user"))))

    def with_people(self):
        """Load what `face.face_of` asks of each."""
        topics = self.model.helps_topics.rel.model.objects.published()
        return self.select_related("user", "membership__jurisdiction__place").prefetch_related(
            Prefetch("helps_topics", topics, to_attr="helps_in"), Prefetch("seeks_topics", topics, to_attr="seeks_in")
        )

    def with_shown_words(self):
        """Add the words by which one may search, with nothing of what somebody does not show: `shown_name`,
        `shown_government` (folded, as the search for names asks) and `shown_words`."""
        blank = Value(" ")
        return self.annotate(
            shown_name=Fold(if_shown("name", F("user__name"))),
            shown_government=if_shown("government", F("membership__jurisdiction__key")),
            shown_words=Concat(
                if_shown("title", F("membership__title")), blank,
                if_shown("helps", F("helps")), blank,
                if_shown("seeks", F("seeks")),
                output_field=models.TextField(),
            ),
        )  # fmt: skip

    def of_government(self, jurisdiction):
        """Those who show that they work there."""
        return self.filter(membership__jurisdiction=jurisdiction, shown__contains=[self.model.Part.GOVERNMENT])

    def due_for_digest(self, day):
        """Those of members who want the mail with new people, and got the last one by this day, or none."""
        return self.of_members().filter(Q(digest_on=None) | Q(digest_on__lte=day), digest=self.model.Digest.MONTHLY)

    def new_for(self, profile, since, until):
        """Those whom the person of this profile sees, listed from day `since` to before `until`, who show that they
        help with what that person looks for; with anything, where they did not say what."""
        new = self.visible_to(profile.user).filter(listed_at__date__gte=since, listed_at__date__lt=until)
        topics = profile.seeks_topics.all()
        if not (profile.seeks_domains or topics):
            return new
        help_with = self.model.helps_topics.through.objects.filter(peerprofile=OuterRef("pk"), topic__in=topics)
        return new.filter(
            Q(helps_domains__overlap=profile.seeks_domains) | Exists(help_with),
            shown__contains=[self.model.Part.HELPS],
        )


class IntroductionQuerySet(models.QuerySet):
    def of(self, user):
        """Those in which somebody is one of the two."""
        return self.filter(Q(asker=user) | Q(asked=user))

    def between(self, user, other):
        return self.filter(Q(asker=user, asked=other) | Q(asker=other, asked=user))

    def open(self):
        """Those that wait for an answer."""
        return self.filter(state=self.model.State.ASKED)

    def accepted(self):
        return self.filter(state=self.model.State.ACCEPTED)

    def living(self):
        """Those that wait for an answer, and of people who agreed."""
        return self.open() | self.accepted()


class AbuseReportQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for staff."""
        return self.filter(state=self.model.State.OPEN)

    def for_staff(self, user):
        """Those that somebody of staff may see: not those that they made, or that are about them."""
        return self.exclude(Q(about=user) | Q(reporter=user, reporter__isnull=False))
