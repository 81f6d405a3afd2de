"""Who may look into the peer network, and how a page finds somebody there."""

from functools import wraps

from django.shortcuts import get_object_or_404

from alliance.core.writing import see_other

from .models import PeerProfile


def is_member(user):
    """Whether staff have verified that somebody works for a government, and they still do."""
    return user.memberships.current().exists()


def may_look(user):
    """Members take part; staff, who sign in with two steps, look only."""
    return user.is_staff and user.has_second_step or is_member(user)


def for_members(view):
    """Lead whoever has signed in without a verified tie to the page on which they can ask for one."""

    @wraps(view)
    def page(request, **kwargs):
        return view(request, **kwargs) if may_look(request.user) else see_other("peers_join")

    return page


def find(user, pk):
    """The profile that `user` may see; Http404 for any other, as if it did not exist."""
    return get_object_or_404(PeerProfile.objects.visible_to(user).with_people(), pk=pk)


def find_or_blocked(user, pk):
    """The same, or one whom `user` blocked: to block them by a second click, and to report them."""
    return get_object_or_404(PeerProfile.objects.open_to(user).with_people(), pk=pk)
