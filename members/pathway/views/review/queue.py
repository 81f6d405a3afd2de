"""The queue of the review, and the views of it that people keep."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alliance.core.writing import form_page, see_other

from ...models import KeptView
from ...queue import Queue
from ...review_forms import KeepForm


@form_page
def queue(request):
    """What needs them now, then everything that is there for them. The form keeps the view that it stands in."""
    listing = Queue(request.user, request.GET)
    form = KeepForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        KeptView.objects.update_or_create(
            owner=request.user, name=form.cleaned_data["name"], defaults={"query": listing.query}
        )
        messages.success(request, _("The view is kept. It stands above the list."))
        return see_other(f"{request.path}?{listing.query}")
    context = {"listing": listing, "form": form}
    return render(request, "review/queue.html", context, status=400 if form.errors else 200)


@require_POST
def forget_view(request, pk):
    get_object_or_404(request.user.kept_views, pk=pk).delete()
    messages.success(request, _("The view is no longer kept."))
    return see_other("review_queue")
