from django.utils.translation import gettext_lazy as _

from alliance.core.mail import Kind, address_of


def asked():
    return {"collaboration": "Twin Cities", "link": address_of("collaboration_request", "twin-cities", 1)}


def answered():
    return asked() | {"holder": "Minneapolis, MN", "is_accepted": True}


MAILS = [
    Kind("join_asked", _("Somebody asks for a seat in a collaboration whose page you keep"), asked),
    Kind("join_answered", _("What became of a seat in a collaboration that you asked for"), answered),
]
