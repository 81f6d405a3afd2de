from uuid import UUID

from django.utils.translation import gettext_lazy as _

from alliance.core.mail import Kind, address_of


def asked():
    return {"link": address_of("peers_join")}


def settled():
    return {"is_verified": True, "link": address_of("peer_profile")}


def introduction():
    return {"link": address_of("introduction", UUID(int=0))}


def digest():
    return {"count": 3, "link": address_of("peer_list"), "choice": address_of("peer_profile")}


def reported():
    return {"link": address_of("admin:peers_abusereport_change", 1)}


MAILS = [
    Kind("tie_asked", _("We got your request to verify that you work for a government"), asked),
    Kind("tie_settled", _("What became of your request to join the peer network"), settled),
    Kind("introduction_asked", _("Somebody in the peer network asks to meet you"), introduction, may_decline=True),
    Kind("introduction_answered", _("An answer from somebody whom you asked to meet"), introduction, may_decline=True),
    Kind("peers_digest", _("How many new people there are in the peer network, once a month"), digest),
    Kind("abuse_reported", _("Somebody reports a person of the peer network: to admins"), reported, for_staff=True),
]
