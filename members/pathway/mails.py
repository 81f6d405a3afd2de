from datetime import date
from types import SimpleNamespace
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from alliance.core.mail import Kind, address_of

from .models import TeamMember
from .workflow import INVITATION_LASTS

PK = UUID(int=0)


def invitation():
    return {"role": TeamMember.Role.EDITOR.label, "link": address_of("invitation", "A" * 32)}


def application():
    sample = SimpleNamespace(reference="A-2026-0042", expected_by=date(2026, 3, 9))
    return {"application": sample, "link": address_of("application", PK)}


def new_lead():
    return {"lead": "Rosa Diaz", **application()}


def page_shown():
    return {"page": address_of("jurisdiction_detail", "saint-paul-mn"), **application()}


MAILS = [
    Kind("invitation", _("An invitation into the team of an application"), invitation, INVITATION_LASTS),
    Kind("new_lead", _("An application has a new lead: to the team"), new_lead),
    Kind("lead_appointed", _("The Alliance made somebody the lead of an application: to the team"), new_lead),
    Kind("application_received", _("An application was submitted: to the team"), application),
    Kind("changes_received", _("Changes to an application were handed in: to the team"), application),
    Kind("application_withdrawn", _("An application was withdrawn: to the team"), application),
    Kind("changes_requested", _("Some questions of an application are asked again: to the team"), application),
    Kind("decision_released", _("Our answer to an application is there: to the team"), application),
    Kind("decision_reconsidered", _("An application is reviewed again after our answer: to the team"), application),
    Kind("page_shown", _("The page of a government that joined is shown: to its team"), page_shown),
    Kind("guide_offered", _("A government is offered as a guide: to the team of one that joined"), application),
    Kind("review_assigned", _("An application is yours to review: to a reviewer"), application, for_staff=True),
    Kind("team_wrote", _("A team wrote about its application: to its reviewers"), application, for_staff=True),
    Kind("message_waits", _("A message about an application waits: to the team"), application),
]
