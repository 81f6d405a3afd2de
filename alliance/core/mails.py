from django.utils.translation import gettext_lazy as _

from . import mail, notes
from .models import Report
from .models.note import TIME_TO_CONFIRM


def link():
    return {"address": mail.address_of("note", "A" * 32)}


def settled():
    sample = Report(page="/jurisdictions/", what=_("The year is 2015, not 2014."))
    return notes.answer_mail(sample, Report.State.USED, Report.ANSWERS[Report.State.USED])


def waiting():
    return notes.waiting_mail([(Report, 2)])


MAILS = [
    mail.Kind("note_confirm", _("A link to confirm a report or a suggestion"), link, TIME_TO_CONFIRM),
    mail.Kind("note_settled", _("What became of a report or a suggestion"), settled),
    mail.Kind("notes_waiting", _("Reports or suggestions wait for you"), waiting, may_decline=True),
]
