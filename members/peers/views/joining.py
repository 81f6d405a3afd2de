"""To join the peer network: ask staff to verify that one works for a government."""

from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def join(request):
    return render(request, "peers/join.html", {"ties": request.user.memberships.current().with_government()})
