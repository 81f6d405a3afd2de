"""One's own profile in the peer network."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from alliance.core.writing import see_other

from ..access import is_member
from ..models import PeerProfile


@require_safe
def profile(request):
    if not is_member(request.user):
        return see_other("peers_join")
    context = {"profile": PeerProfile.objects.filter(user=request.user).first()}
    return render(request, "peers/own.html", context)
