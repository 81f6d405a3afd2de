"""A draft of what a reader suggested."""

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.core import history
from alliance.core.notes import Refused
from alliance.core.pages import free_slug

from .models import Resource, Suggestion


@transaction.atomic
def make_draft(*, suggestion, by):
    """Make an unpublished resource with the title, publisher and web address of a suggestion that waits.

    Returns it, and whether it is new: of two curators at once, both get the one that the first made. Raises Refused
    for what was settled meanwhile.
    """
    suggestion = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if suggestion.resource:
        return suggestion.resource, False
    if suggestion.state != suggestion.State.WAITING:
        raise Refused(_("This suggestion is settled."))
    resource = Resource(
        title=suggestion.title,
        slug=free_slug(Resource, suggestion.title),
        kind=Resource.Kind.OTHER,
        publisher=suggestion.publisher,
        url=suggestion.link,
    )
    resource.skip_history_when_saving = True
    resource.save()
    history.record(Resource, [resource.pk], by, _("Suggested by a reader."))
    suggestion.resource = resource
    suggestion.save()
    return resource, True
