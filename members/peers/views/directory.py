"""The directory of the peer network, and one person in it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import find, for_members
from ..models import PeerProfile


@require_safe
@for_members
def peers(request):
    profiles = PeerProfile.objects.visible_to(request.user).with_people()
    return render(request, "peers/peer_list.html", {"profiles": profiles})


@require_safe
@for_members
def peer(request, pk):
    return render(request, "peers/peer_detail.html", {"profile": find(request.user, pk)})
