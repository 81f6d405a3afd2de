"""The directory of the peer network, and one person in it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import find, for_members
from ..face import face_of
from ..listings import PeerListing
from ..matches import suggested
from ..models import PeerProfile


@require_safe
@for_members
def peers(request):
    """Everybody who wants to be found, and, before one filters, whom one may want to meet."""
    listing = PeerListing(PeerProfile.objects.visible_to(request.user).with_people(), request.GET)
    own = PeerProfile.objects.filter(user=request.user).select_related("membership__jurisdiction__place").first()
    context = {
        "listing": listing,
        "own": own,
        "is_listed": PeerProfile.objects.lists(request.user),
        "found": [(one, face_of(one)) for one in listing.page],
        "suggested": suggested(own) if own and not (listing.text or listing.active or listing.number > 1) else [],
    }
    return render(request, "peers/peer_list.html", context)


@require_safe
@for_members
def peer(request, pk):
    profile = find(request.user, pk)
    return render(request, "peers/peer_detail.html", {"profile": profile, "face": face_of(profile)})
