"""Sends what waits in the outbox, one mail a transaction, so that any number of senders can be at it together.

The row stays locked while the mail server has the mail, and other senders skip it. One that dies meanwhile leaves the
row as it was: the mail is sent again, with the same Message-ID.
"""

import contextlib
from datetime import timedelta
from email.utils import format_datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from .mail import one_line
from .models import OutgoingMail

# How long a mail waits after each attempt that failed, in minutes: three days in all, then staff must look at it.
PAUSES = [min(2**number, 360) for number in range(20)]
ANSWER_LENGTH = OutgoingMail._meta.get_field("last_error").max_length


class ServerAway(Exception):  # noqa: N818 - a state of the world, not a fault
    """The mail server takes no mail now; the message is what it or the network said."""


def send_next():
    """Try the mail that is due and waits longest; return it as it is then, or None where nothing is due.

    Raises ServerAway where the next mail would fare no better. A mail that the server never saw is left as it was.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.due().select_for_update(skip_locked=True).first()
        if mail is None:
            return None
        if mail.expires_at and mail.expires_at <= timezone.now():
            mail.finish(OutgoingMail.State.LATE)
            return mail
        away = deliver(mail)
    if away:
        raise ServerAway(away)
    return mail


def deliver(mail):
    """Hand a mail to the mail server and note the outcome; return what the server said where it broke off."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        raise ServerAway(words_of(error)) from error
    mail.attempts += 1
    try:
        connection.send_messages([letter(mail)])
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        put_off_or_fail(mail, *answer_to(error))
    except ValueError as error:  # address or subject can't travel
        mail.finish(OutgoingMail.State.FAILED, words_of(error))
    except OSError as error:
        put_off_or_fail(mail, 0, words_of(error))
        return words_of(error)
    else:
        mail.finish(OutgoingMail.State.SENT)
    finally:
        # The mail has been taken or not; how the goodbye goes changes nothing.
        with contextlib.suppress(OSError):
            connection.close()


def letter(mail):
    """The mail as it travels: the same at each attempt."""
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[mail.to],
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(mail.created_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(mail.html, "text/html")
    return message


def put_off_or_fail(mail, code, answer):
    """Note an attempt that failed. SMTP's codes from 500 on are for good (RFC 5321, 4.2.1)."""
    if code >= 500 or mail.attempts > len(PAUSES):
        mail.finish(OutgoingMail.State.FAILED, answer)
    else:
        mail.put_off(timedelta(minutes=PAUSES[mail.attempts - 1]), answer)


def answer_to(error):
    """(code, words) of what the server said about this mail."""
    if isinstance(error, SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    else:
        code, said = error.smtp_code, error.smtp_error
    return code, words_of(f"{code} {said.decode(errors='replace')}")


def words_of(error):
    """What went wrong, in a line that fits its column."""
    return one_line(str(error) or type(error).__name__)[:ANSWER_LENGTH]
