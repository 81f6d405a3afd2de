from .digest import send_digests
from .introductions import lapse

TIDY = [lapse, send_digests]
