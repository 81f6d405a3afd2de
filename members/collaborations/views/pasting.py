"""Figures of a measure by paste from a spreadsheet: looked at first, then saved all at once."""

from hashlib import sha256

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alliance.core.exchange.sheets import Unreadable
from alliance.core.fields import NO_WEB_ADDRESS
from alliance.core.notes.forms import PlainAddressField
from alliance.core.writing import done, is_writer, not_theirs, waited, writing

from .. import editing, pasting, reading
from .rooms import WRITES, find_kept


class PasteForm(forms.Form):
    text = forms.CharField(
        label=_("Cells from your spreadsheet"),
        max_length=pasting.CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Paste the cells of your table, with the names of its columns.")},
    )
    source = PlainAddressField(
        label=_("Web page that shows them"),
        help_text=_("For the figures that are new and have no source of their own in the table."),
        max_length=600,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": NO_WEB_ADDRESS},
    )
    digest = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)

    use_required_attribute = False


class GroupsForm(forms.Form):
    """Which group each unclear word means. The fields are named by the words, so that an answer stays with its own."""

    use_required_attribute = False

    def __init__(self, *args, unclear, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.words = {f"group-{sha256(word.encode()).hexdigest()[:12]}": word for word in unclear}
        for name, word in self.words.items():
            count = unclear[word]
            self.fields[name] = forms.ChoiceField(
                label=_("Which group is “%(word)s”?") % {"word": word},
                help_text=ngettext("%(n)d figure", "%(n)d figures", count) % {"n": count},
                choices=[
                    ("", "---------"),
                    *((str(group.pk), group.name) for group in groups.all),
                    (pasting.NEW_GROUP, _("Another grouping: add “%(word)s” as a new group") % {"word": word}),
                ],
                error_messages={"required": _("Choose which group “%(word)s” means.") % {"word": word}},
            )

    @property
    def answers(self):
        return {word: self.cleaned_data[name] for name, word in self.words.items() if name in self.cleaned_data}


@writing
def paste(request, slug, measure):
    """Take the cells of a table, show what they come to, and save that on request."""
    collaboration = find_kept(request, slug)
    measure = get_object_or_404(collaboration.measures, pk=measure)
    page = {"collaboration": collaboration, "measure": measure, "limits": pasting}
    is_sent = request.method == "POST"
    form = page["form"] = PasteForm(request.POST if is_sent else waited(request))
    form.waited = form.is_bound and not is_sent
    if collaboration.ended is not None:
        return render(request, "collaborations/room_paste.html", page | {"is_ended": True}, status=409)
    if not is_sent:
        return render(request, "collaborations/room_paste.html", page)
    WRITES.count(str(request.user.pk))
    if not is_writer(request, request.POST):
        form.add_error(None, not_theirs())
    if not form.is_valid():
        return render(request, "collaborations/room_paste.html", page, status=400)
    sent = form.cleaned_data
    groups = reading.Groups()
    try:
        unclear = pasting.Table(sent["text"]).unclear(groups)
    except Unreadable as error:
        form.add_error("text", str(error))
        return render(request, "collaborations/room_paste.html", page, status=400)
    asked = page["asked"] = GroupsForm(request.POST, unclear=unclear, groups=groups)
    asked.is_valid()

    def make_plan(measure):
        table = pasting.Table(sent["text"])
        return pasting.Plan(measure, table, reading.Groups(), sent["source"], asked.answers)

    plan = make_plan(measure)
    if sent["confirm"] and plan.is_right:
        try:
            plan = pasting.save(
                user=request.user, slug=slug, measure=measure.pk, make_plan=make_plan, digest=sent["digest"]
            )
        except pasting.Overtaken as overtaken:
            page |= {"plan": overtaken.plan, "is_overtaken": True, "reason": overtaken.reason}
            return render(request, "collaborations/room_paste.html", page, status=409)
        except editing.Refused:
            return render(request, "collaborations/room_paste.html", page | {"is_ended": True}, status=409)
        count = len(plan.written)
        words = ngettext("%(n)d figure is saved.", "%(n)d figures are saved.", count) % {"n": count}
        messages.success(request, words if count else _("All of these figures are here already."))
        return done(request, "collaboration_points", slug, measure.pk)
    return render(
        request, "collaborations/room_paste.html", page | {"plan": plan}, status=200 if plan.is_right else 400
    )
