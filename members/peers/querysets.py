"""The public vocabulary of the peer network. Whatever others see, count or search begins at `visible_to`."""

from django.db import models
from django.db.models import Exists, OuterRef, Q


class TieRequestQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for staff."""
        return self.filter(status=self.model.Status.ASKED)


class PeerProfileQuerySet(models.QuerySet):
    def listed(self):
        """Those that can be seen at this moment: their person wants it, has an account, and a tie that is current and
        verified."""
        return self.filter(
            is_listed=True,
            user__is_active=True,
            user__erased_at=None,
            membership__user=models.F("user"),
            membership__ended_on=None,
            membership__verified_on__isnull=False,
        )

    def visible_to(self, user):
        """Those that this person may see: everybody who is listed, without themselves and without whom they blocked or
        who blocked them. Whether they may look at all is for `access` to say."""
        blocks = user.blocks.model.objects.filter(
            Q(blocker=user, blocked=OuterRef("user")) | Q(blocker=OuterRef("user"), blocked=user)
        )
        return self.listed().exclude(user=user).exclude(Exists(blocks))

    def with_people(self):
        return self.select_related("user", "membership__jurisdiction__place")


class IntroductionQuerySet(models.QuerySet):
    def of(self, user):
        """Those in which somebody is one of the two."""
        return self.filter(Q(asker=user) | Q(asked=user))

    def open(self):
        """Those that wait for an answer."""
        return self.filter(state=self.model.State.ASKED)
