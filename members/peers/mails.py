from django.utils.translation import gettext_lazy as _

from alliance.core.mail import Kind, address_of


def asked():
    return {"link": address_of("peers_join")}


def settled():
    return {"is_verified": True, "link": address_of("peer_profile")}


MAILS = [
    Kind("tie_asked", _("We got your request to verify that you work for a government"), asked),
    Kind("tie_settled", _("What became of your request to join the peer network"), settled),
]
