"""One's own profile in the peer network."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.core import waiting
from alliance.core.writing import done, is_writer, not_theirs, see_other, waited, writing

from .. import profiles
from ..access import is_member
from ..face import face_of
from ..forms import ProfileForm
from ..models import PeerProfile

# The buttons that do without the form, and what is said then.
AT_ONCE = {
    "hide": (profiles.hide, gettext_lazy("You are hidden. Nobody can find you.")),
    "leave": (profiles.leave, gettext_lazy("Your profile is deleted.")),
}


@writing
def profile(request):
    """The form, with a preview of exactly what others see; POST previews, saves, hides or deletes it."""
    for word, (verb, said) in AT_ONCE.items():
        if word in request.POST:
            verb(user=request.user)
            messages.success(request, said)
            return see_other("peer_profile")
    own = PeerProfile.objects.filter(user=request.user).with_people().first()
    is_sent = request.method == "POST"
    if not is_member(request.user):
        if is_sent or not own:
            return see_other("peers_join")
        # What they wrote is theirs to delete, also after the tie ended.
        return render(request, "peers/own.html", {"has_profile": True})
    words = request.POST if is_sent else waited(request)
    if words and not is_sent and not words.keys().isdisjoint(AT_ONCE):
        waiting.forget(request)
        words = None
        messages.error(request, _("You were signed out, so nothing has changed. Press the button again."))
    form = ProfileForm(words, instance=own or PeerProfile(user=request.user))
    form.waited = form.is_bound and not is_sent
    if not is_writer(request, request.POST):
        form.add_error(None, not_theirs())
    is_preview = "preview" in request.POST
    if is_sent and form.is_valid() and not is_preview:
        profiles.keep(user=request.user, form=form)
        is_listed = PeerProfile.objects.lists(request.user)
        said = _("Saved. Your peers can find you.") if is_listed else _("Saved. Nobody can find you.")
        messages.success(request, said)
        return done(request, "peer_profile")
    face = None
    if is_sent and form.is_valid():
        face = face_of(form.instance, form.cleaned_data["helps_topics"], form.cleaned_data["seeks_topics"])
    elif own and not form.is_bound:
        face = face_of(own)
    context = {
        "form": form,
        "face": face,
        "is_preview": is_preview,
        "is_listed": PeerProfile.objects.lists(request.user),
        "is_hidden_by_staff": request.user.abuse_reported.filter(hides=True).exists(),
        "has_profile": own is not None,
    }
    return render(request, "peers/own.html", context, status=400 if is_sent and form.errors else 200)
