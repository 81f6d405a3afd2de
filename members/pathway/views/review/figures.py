"""How applications fare, for chairs and admins."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ... import desk
from ...figures import Figures
from ...states import By


@require_safe
def figures(request):
    if not desk.has_part(request.user, By.CHAIR):
        raise Http404
    return render(request, "review/figures.html", {"tables": Figures(request.user).tables})
