"""Who may open which address: the one table, and the middleware that holds every request against it.

An address without a row does not exist for anybody (404), and a test fails for it. Rules about one object belong to
the view that finds it.
"""

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from alliance.core import audit, waiting
from alliance.core.keys import KEY_IN_ADDRESS, without_keys
from alliance.core.limits import Locked
from members.pathway.desk import part_of

from . import views

EVERYONE = "everyone"
BY_KEY = "whoever holds the key in the address; the address that hands out keys belongs here too"
ENTRANCE = "everyone, to come in: personal, kept by nobody"
SIGNED_IN = "whoever has signed in, about themselves"
REVIEW = "reviewers, chairs and admins who have signed in with two steps; there is no such page for others"
ADMIN_SITE = "staff who have signed in with two steps; the admin site asks for the rights of their groups"

ACCESS = {
    "home": EVERYONE,
    "about": EVERYONE,
    "contact": EVERYONE,
    "privacy": EVERYONE,
    "accessibility": EVERYONE,
    "pathway": EVERYONE,
    "readiness": EVERYONE,
    "readiness_start": BY_KEY,
    "readiness_government": BY_KEY,
    "readiness_domain": BY_KEY,
    "readiness_result": BY_KEY,
    "readiness_shared": BY_KEY,
    "readiness_share": BY_KEY,
    "readiness_keep": SIGNED_IN,
    "readiness_delete": BY_KEY,
    "report": BY_KEY,
    "suggest": BY_KEY,
    "note": BY_KEY,
    "note_answer": EVERYONE,
    "healthz": EVERYONE,
    "readyz": EVERYONE,
    "robots": EVERYONE,
    "sitemap": EVERYONE,
    "sitemap_section": EVERYONE,
    "favicon": EVERYONE,
    "search": EVERYONE,
    "search_names": EVERYONE,
    "data": EVERYONE,
    "data_file": EVERYONE,
    "milestone_feed": EVERYONE,
    "resource_feed": EVERYONE,
    "topic_feed": EVERYONE,
    "cohort_list": EVERYONE,
    "cohort_detail": EVERYONE,
    "jurisdiction_list": EVERYONE,
    "jurisdiction_detail": EVERYONE,
    "jurisdiction_peers": EVERYONE,
    "milestone_list": EVERYONE,
    "partner_list": EVERYONE,
    "partner_detail": EVERYONE,
    "collaboration_list": EVERYONE,
    "collaboration_detail": EVERYONE,
    "activity_list": EVERYONE,
    "update_list": EVERYONE,
    "calendar_ics": EVERYONE,
    "gathering_list": EVERYONE,
    "gathering": EVERYONE,
    "gathering_ics": EVERYONE,
    "collaboration_measures_csv": EVERYONE,
    "measure_list": EVERYONE,
    "measure_detail": EVERYONE,
    "measure_csv": EVERYONE,
    "resource_list": EVERYONE,
    "resource_detail": EVERYONE,
    "resource_file": EVERYONE,
    "topic_detail": EVERYONE,
    "collection_detail": EVERYONE,
    "account_login": ENTRANCE,
    "account_request_login_code": ENTRANCE,
    "account_confirm_login_code": ENTRANCE,
    "account_password_login": ENTRANCE,
    "mfa_login_webauthn": ENTRANCE,
    "mfa_authenticate": ENTRANCE,
    "account_signup": ENTRANCE,
    "account_email_verification_sent": ENTRANCE,
    "account_reset_password": ENTRANCE,
    "account_confirm_password_reset_code": ENTRANCE,
    "account_complete_password_reset": ENTRANCE,
    "account_password_reset_completed": ENTRANCE,
    "account_inactive": ENTRANCE,
    "account_logout": ENTRANCE,
    "account_deleted": ENTRANCE,
    "account": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "account_sign_out_everywhere": SIGNED_IN,
    "account_mail": SIGNED_IN,
    "account_data": SIGNED_IN,
    "account_delete": SIGNED_IN,
    "known_gathering": SIGNED_IN,
    "known_gathering_ics": SIGNED_IN,
    "government": SIGNED_IN,
    "propose": SIGNED_IN,
    "propose_change": SIGNED_IN,
    "proposal": SIGNED_IN,
    "collaboration_join": SIGNED_IN,
    "collaboration_requests": SIGNED_IN,
    "collaboration_request": SIGNED_IN,
    "collaboration_close": SIGNED_IN,
    "peer_list": SIGNED_IN,
    "peer_detail": SIGNED_IN,
    "peers_join": SIGNED_IN,
    "peer_profile": SIGNED_IN,
    "collaboration_room": SIGNED_IN,
    "collaboration_history": SIGNED_IN,
    "collaboration_edit": SIGNED_IN,
    "collaboration_remove": SIGNED_IN,
    "collaboration_points": SIGNED_IN,
    "collaboration_paste": SIGNED_IN,
    "peer_ask": SIGNED_IN,
    "peer_block": SIGNED_IN,
    "peer_report": SIGNED_IN,
    "introduction_list": SIGNED_IN,
    "introduction": SIGNED_IN,
    "introduction_report": SIGNED_IN,
    "pathway_questions": EVERYONE,
    "apply": SIGNED_IN,
    "application": SIGNED_IN,
    "application_section": SIGNED_IN,
    "application_team": SIGNED_IN,
    "application_member_remove": SIGNED_IN,
    "application_hand_over": SIGNED_IN,
    "application_invitation_revoke": SIGNED_IN,
    "application_files": SIGNED_IN,
    "application_file": SIGNED_IN,
    "application_file_remove": SIGNED_IN,
    "application_sign_off": SIGNED_IN,
    "application_submit": SIGNED_IN,
    "application_receipt": SIGNED_IN,
    "application_print": SIGNED_IN,
    "application_json": SIGNED_IN,
    "application_messages": SIGNED_IN,
    "application_answer": SIGNED_IN,
    "application_withdraw": SIGNED_IN,
    "application_reopen": SIGNED_IN,
    "application_defer": SIGNED_IN,
    "application_onboarding": SIGNED_IN,
    "application_page": SIGNED_IN,
    "invitation": SIGNED_IN,
    "review": REVIEW,
    "review_file": REVIEW,
    "review_figures": REVIEW,
    "review_queue": REVIEW,
    "review_records": REVIEW,
    "review_view_forget": REVIEW,
    "review_declare": REVIEW,
    "review_override": REVIEW,
    "review_screening": REVIEW,
    "review_reviewers": REVIEW,
    "review_changes": REVIEW,
    "review_messages": REVIEW,
    "review_notes": REVIEW,
    "review_onboardings": REVIEW,
    "review_onboarding": REVIEW,
    "review_score": REVIEW,
    "review_scores": REVIEW,
    "review_authority": REVIEW,
    "review_government": REVIEW,
    "review_decision": REVIEW,
    "review_decisions": REVIEW,
    "review_reconsider": REVIEW,
    "admin:*": ADMIN_SITE,
}

# Pages on which people write for long: what is sent after the session has ended waits until they have signed in. A
# script keeps it itself. alliance/core/writing.py has what their views need.
LONG_FORMS = (
    "application_section",
    "application_messages",
    "application_withdraw",
    "application_team",
    "collaboration_join",
    "collaboration_request",
    "collaboration_edit",
    "collaboration_paste",
    "peer_profile",
    "introduction_report",
    "peer_ask",
    "peer_report",
    "propose",
    "propose_change",
    "review_authority",
    "review_changes",
    "review_decision",
    "review_declare",
    "review_messages",
    "review_notes",
    "review_override",
    "review_reconsider",
    "review_score",
)

# Whoever signs out here leaves nothing of what they typed on this device. Each answers 303 when that is done, and only
# then: another site can send these forms too, and would delete what somebody has not saved yet.
WAYS_OUT = ("account_logout", "account_sign_out_everywhere", "account_delete")

# Where admins change what people may do: only soon after they signed in.
PEOPLE_AND_ROLES = ("core_user_", "auth_group_")


LONGEST_ADDRESS = 500


def rule_for(match):
    """Return the rule of a resolver match, or None where the table has no row for it."""
    if match.namespace:
        return ACCESS.get(f"{match.namespace}:*")
    return ACCESS.get(match.url_name)


def without_cookies(response):
    """Make a public page the same for everybody, even for whoever sends a broken cookie that Django would mend."""
    response.cookies.clear()
    varies = [header.strip() for header in response.headers.get("Vary", "").split(",")]
    if "Cookie" in varies:
        varies.remove("Cookie")
        response.headers["Vary"] = ", ".join(varies)
    if not response.headers.get("Vary", "-"):
        del response.headers["Vary"]


def kept_private(response):
    """Leave what stands behind a key in no cache, in no search engine and in no other site's log."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"


def ask_to_sign_in(request):
    if not request.user.is_authenticated:
        is_long_form = request.method == "POST" and request.resolver_match.url_name in LONG_FORMS
        # Another site's form must not put words into somebody's mouth, nor a new session in the place of theirs.
        if is_long_form and request.accepts("text/html") and not is_forged(request):
            try:
                waiting.keep(request)
            except Locked as locked:
                return views.too_many(request, locked)
        return redirect_to_login(request.get_full_path())


def ask_for_reviewers(request):
    """Whoever has no part in the review finds no page there."""
    if answer := ask_to_sign_in(request):
        return answer
    if part_of(request.user) is None:
        raise Http404
    return ask_for_two_steps(request)


def ask_for_staff(request):
    """Staff come in by two steps, and to the people and their roles only within 15 minutes of showing one of them."""
    if answer := ask_to_sign_in(request):
        return answer
    if not request.user.is_staff:
        raise PermissionDenied
    if answer := ask_for_two_steps(request):
        return answer
    # An address that leads nowhere in the admin has no name.
    if (request.resolver_match.url_name or "").startswith(PEOPLE_AND_ROLES) and not signed_in_lately(request):
        return ask_for_second_step(request)


def ask_for_two_steps(request):
    if not request.user.has_second_step:
        messages.info(request, _("Staff sign in with two steps. Set up the second one here; then curation opens."))
        return redirect("mfa_index")
    # A session may be older than the second step of its owner.
    if not has_shown_second_step(request):
        return ask_for_second_step(request)


def is_forged(request):
    """The refusal of a form without our token against forgery, else None. Guards run before the middleware asks."""
    return CsrfViewMiddleware(lambda request: None).process_view(request, None, (), {})


def ask_for_second_step(request):
    """Hold the request back until the step is shown. A form goes on then without passing the middleware again, so the
    token against forgery is checked now."""
    return is_forged(request) or suspend_request(request, reverse("mfa_reauthenticate"))


def has_shown_second_step(request):
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def signed_in_lately(request):
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def record_denial(request):
    """Write down which address refused somebody who has signed in."""
    audit.deny(request.user, address=without_keys(request.path)[:LONGEST_ADDRESS], method=request.method)


GUARDS = {SIGNED_IN: ask_to_sign_in, REVIEW: ask_for_reviewers, ADMIN_SITE: ask_for_staff}


class AccessMiddleware:
    """Stands outside the session, so that it sees every cookie that an answer would set."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        match = request.resolver_match
        rule = rule_for(match) if match else EVERYONE
        if rule in (EVERYONE, BY_KEY):
            without_cookies(response)
        elif rule in (ENTRANCE, SIGNED_IN, REVIEW):
            response.headers["Cache-Control"] = "private, no-store"
            response.headers["X-Robots-Tag"] = "noindex"
        if response.status_code == 403 and rule in GUARDS and request.user.is_authenticated:
            record_denial(request)
        # A refusal has no name of its own: it is the same for what is not there, to the last byte.
        if rule in GUARDS and response.status_code < 400:
            response.headers["X-Request-ID"] = request.id
        if match and match.url_name in WAYS_OUT and request.method == "POST" and response.status_code == 303:
            response.headers["Clear-Site-Data"] = '"storage"'
        # A mistyped address behind a key leads nowhere, and still holds the key. Where somebody has signed in, forms
        # need the origin, which browsers leave out under no-referrer; the policy of the site, same-origin, will do.
        if rule == BY_KEY or rule not in (SIGNED_IN, REVIEW) and KEY_IN_ADDRESS.search(request.path):
            kept_private(response)
        return response

    def process_view(self, request, view, args, kwargs):
        rule = rule_for(request.resolver_match)
        if rule is None:
            raise Http404
        if guard := GUARDS.get(rule):
            return guard(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Locked):
            return views.too_many(request, exception)
