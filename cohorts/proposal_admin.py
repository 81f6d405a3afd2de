"""How curators settle what members propose: a queue, and a page with what stands there now beside what is proposed."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from alliance.core import mail
from alliance.core.admin_base import PortalAdmin, in_plain_words

from . import proposals
from .forms import AcceptForm, DeclineForm
from .models import Proposal


@admin.register(Proposal)
class ProposalAdmin(PortalAdmin):
    """Nobody writes, changes or deletes a proposal here; it is settled."""

    list_display = ("government", "kind", "about", "state", "proposed_at", "proposed_by", "settled_by")
    list_display_links = ("government", "kind")
    list_filter = ("state", "kind", "proposed_at")
    search_fields = ("jurisdiction__key", "about")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("jurisdiction", "proposed_by", "settled_by")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, proposal=None):
        return False

    @admin.display(description=_("government"), ordering="jurisdiction__name")
    def government(self, proposal):
        return proposal.jurisdiction

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A proposal with the ways to settle it; POST settles it, or shows the mail first."""
        proposal = self.get_object(request, unquote(object_id))
        if proposal is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_settle = self.has_change_permission(request, proposal)
        if not (may_settle if request.method == "POST" else self.has_view_or_change_permission(request, proposal)):
            raise PermissionDenied
        page = Page(request, proposal)
        if request.method == "POST" and page.is_valid():
            if "preview" not in request.POST:
                return self.settle(request, page)
            page.show_mail()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(self.opts.verbose_name).capitalize(),
            "proposal": proposal,
            "page": page,
            "may_settle": may_settle and proposal.is_open,
        }
        status = 400 if page.is_refused else 200
        return TemplateResponse(request, "admin/cohorts/proposal.html", context, status=status)

    def settle(self, request, page):
        try:
            with transaction.atomic():
                settled = page.settle(request.user)
                # The verb has told the audit log.
                things = [settled, settled.jurisdiction]
                LogEntry.objects.log_actions(request.user.pk, things, CHANGE, settled.get_state_display())
        except proposals.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.path)
        except DatabaseError as error:
            words = in_plain_words(error)
            if words is None:
                raise
            self.message_user(request, words, messages.ERROR)
            return redirect(request.path)
        self.message_user(request, _("Settled. The member gets your words by mail."))
        return redirect("admin:cohorts_proposal_changelist")


class Page:
    """The two ways to settle a proposal, as forms, with what was typed in the one that was sent."""

    def __init__(self, request, proposal):
        self.proposal, self.kind = proposal, proposals.kind_of(proposal.kind)
        self.way = request.POST.get("as")
        try:
            thing = self.kind.thing(proposal.jurisdiction, proposal.target)
        except ObjectDoesNotExist:
            thing = None
        self.is_gone = thing is None
        self.now = {} if self.is_gone else self.kind.values(thing)
        seen = proposals.digest_of(self.now)
        is_accepted, is_declined = self.way == "accept", self.way == "decline"
        self.accept = AcceptForm(request.POST if is_accepted else None, prefix="accept", initial={"seen": seen})
        self.decline = DeclineForm(request.POST if is_declined else None, prefix="decline")
        self.edit = None
        if not self.is_gone:
            self.edit = self.kind.form(
                request.POST if is_accepted else None,
                prefix="edit",
                instance=thing,
                initial=proposal.proposed,
                settles=True,
            )

    @property
    def forms(self):
        """Those of the way that was sent."""
        ways = {"accept": [self.edit, self.accept], "decline": [self.decline]}
        return [form for form in ways.get(self.way, []) if form]

    def is_valid(self):
        return bool(self.forms) and all(form.is_valid() for form in self.forms)

    @property
    def is_refused(self):
        return any(form.errors for form in self.forms)

    @property
    def rows(self):
        """(box to edit, words that stand there now) field by field."""
        return [(self.edit[name], words) for name, _label, [words] in self.kind.beside(self.now)]

    @property
    def versions(self):
        """What stood there, what was proposed and what was made of it."""
        return self.kind.beside(self.proposal.before, self.proposal.proposed, self.proposal.final or {})

    @property
    def has_moved(self):
        """Whether the page says something else now than when the proposal was written."""
        return not self.is_gone and self.now != self.proposal.before

    def answer(self):
        return (self.accept if self.way == "accept" else self.decline).cleaned_data["answer"]

    def final(self):
        return self.kind.given(self.edit) if self.way == "accept" else None

    def show_mail(self):
        state = Proposal.State.ACCEPTED if self.way == "accept" else Proposal.State.DECLINED
        words = proposals.answer_mail(self.proposal, state, self.answer(), self.final())
        self.mail = mail.render("proposal_settled", words)

    def settle(self, by):
        if self.way == "decline":
            return proposals.decline(proposal=self.proposal, by=by, answer=self.answer())
        return proposals.accept(
            proposal=self.proposal,
            by=by,
            values=self.final(),
            answer=self.answer(),
            seen=self.accept.cleaned_data["seen"],
        )
