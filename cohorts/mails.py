from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.mail import Kind, address_of, quoted


def settled():
    return {
        "government": "Minneapolis, MN",
        "what": _("Milestone"),
        "sent": timezone.now(),
        "is_accepted": True,
        "is_edited": True,
        "answer": quoted(_("Thank you. We shortened the title.")),
        "link": address_of("proposal", "minneapolis-mn", UUID(int=0)),
    }


MAILS = [Kind("proposal_settled", _("What became of a change that you proposed for your government's page"), settled)]
