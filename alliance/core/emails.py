"""E-mail addresses in the one form in which they are kept and compared."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

# Where deleted accounts have their address: no mail ever arrives at a name under .invalid (RFC 2606, section 2).
NOWHERE = "deleted.invalid"
LONGEST = 254  # characters of an address that mail can be sent to (RFC 5321, 4.5.3.1.3 less its brackets)


def canonical(address):
    """The address in small plain letters: twins by case, width or script of the domain become one.

    Unicode is folded by NFKC and the domain written as DNS has it (IDNA). What is no address comes back folded, too:
    it will match nothing. Length is cut to what an address can have, so that the cost is bounded.
    """
    folded = unicodedata.normalize("NFKC", address[: 4 * LONGEST]).strip().lower()
    local, at, domain = folded.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass  # no domain that DNS could know; the check of the whole address refuses it
    return f"{local}{at}{domain}"


def clean(address):
    """Return the address in its one form; raise ValidationError in plain words for what mail can't be sent to."""
    address = canonical(address)
    try:
        validate_email(address)
        address.encode("ascii")
        if address.endswith(f"@{NOWHERE}"):
            raise ValidationError(NOWHERE)
    except (ValidationError, UnicodeEncodeError):
        raise ValidationError(
            _("Enter an e-mail address in plain letters, like name@example.gov."), code="invalid"
        ) from None
    if len(address) > LONGEST:
        raise ValidationError(_("An e-mail address has at most 254 characters."), code="max_length")
    return address
