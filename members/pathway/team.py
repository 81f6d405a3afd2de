"""Who may open an application: the one helper by which every view finds it."""

from django.http import Http404

from .models import TeamMember

Role = TeamMember.Role
EVERY_ROLE = tuple(Role)
WRITERS = (Role.LEAD, Role.EDITOR)
LEAD = (Role.LEAD,)
SPONSOR = (Role.SPONSOR,)


def find(user, pk, roles=EVERY_ROLE):
    """The application and the part that `user` has in it; Http404 without one of the roles, as if it did not exist."""
    try:
        member = (
            TeamMember.objects.current().select_related("application").get(application=pk, user=user, role__in=roles)
        )
    except TeamMember.DoesNotExist:
        raise Http404 from None
    return member.application, member
