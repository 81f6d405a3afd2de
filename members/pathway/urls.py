from django.urls import path, register_converter

from alliance.core.vocabulary import Domain

from .questions import SECTIONS
from .views import afterwards, answer, drafts, files, handing_in, onboarding, readiness, team
from .views.review import deciding, figures, onboardings, queue, reading, records, scoring, screening, talking


class DomainConverter:
    regex = "|".join(Domain.values)
    to_python = Domain
    to_url = str


class SectionConverter:
    by_id = {section.id: section for section in SECTIONS}
    regex = "|".join(by_id)
    to_python = by_id.get

    def to_url(self, section):
        return section.id


register_converter(DomainConverter, "domain")
register_converter(SectionConverter, "section")


def of_application(route, view, name):
    return path(f"pathway/applications/<uuid:pk>/{route}", view, name=name)


def of_review(route, view, name):
    return path(f"review/<uuid:pk>/{route}", view, name=name)


urlpatterns = [
    path("pathway/", drafts.pathway, name="pathway"),
    path("pathway/readiness/", readiness.readiness, name="readiness"),
    path("pathway/readiness/start/", readiness.government, name="readiness_start"),
    path("pathway/readiness/shared/<key:share_key>/", readiness.shared, name="readiness_shared"),
    path("pathway/readiness/<key:key>/", readiness.result, name="readiness_result"),
    path("pathway/readiness/<key:key>/government/", readiness.government, name="readiness_government"),
    path("pathway/readiness/<key:key>/share/", readiness.share, name="readiness_share"),
    path("pathway/readiness/<key:key>/keep/", readiness.keep, name="readiness_keep"),
    path("pathway/readiness/<key:key>/delete/", readiness.delete, name="readiness_delete"),
    path("pathway/readiness/<key:key>/<domain:domain>/", readiness.domain, name="readiness_domain"),
    path("pathway/questions/", drafts.questions, name="pathway_questions"),
    path("pathway/apply/", drafts.apply, name="apply"),
    path("pathway/invitations/<key:key>/", team.invitation, name="invitation"),
    of_application("", drafts.application, "application"),
    of_application("sections/<section:section>/", drafts.section, "application_section"),
    of_application("team/", team.team, "application_team"),
    of_application("team/<int:member>/remove/", team.remove, "application_member_remove"),
    of_application("team/<int:member>/lead/", team.hand_over, "application_hand_over"),
    of_application("team/invitations/<int:invitation>/revoke/", team.revoke, "application_invitation_revoke"),
    of_application("files/", files.files, "application_files"),
    of_application("files/<int:attachment>/", files.file, "application_file"),
    of_application("files/<int:attachment>/remove/", files.remove, "application_file_remove"),
    of_application("sign-off/", handing_in.sign_off, "application_sign_off"),
    of_application("submit/", handing_in.submit, "application_submit"),
    of_application("receipt/", handing_in.receipt, "application_receipt"),
    of_application("print/", handing_in.whole, "application_print"),
    of_application("application.json", handing_in.as_json, "application_json"),
    of_application("messages/", afterwards.messages, "application_messages"),
    of_application("answer/", answer.answer, "application_answer"),
    of_application("withdraw/", afterwards.withdraw, "application_withdraw"),
    of_application("reopen/", afterwards.reopen, "application_reopen"),
    of_application("defer/", afterwards.defer, "application_defer"),
    of_application("onboarding/", onboarding.onboarding, "application_onboarding"),
    of_application("onboarding/page/", onboarding.page, "application_page"),
    path("review/onboardings/", onboardings.onboardings, name="review_onboardings"),
    of_review("onboarding/", onboardings.onboarding, "review_onboarding"),
    path("review/", queue.queue, name="review_queue"),
    path("review/figures/", figures.figures, name="review_figures"),
    path("review/views/<int:pk>/forget/", queue.forget_view, name="review_view_forget"),
    of_review("", reading.review, "review"),
    of_review("files/<int:attachment>/", reading.file, "review_file"),
    of_review("record/", records.records, "review_records"),
    of_review("declare/", reading.declare, "review_declare"),
    of_review("score/", scoring.score, "review_score"),
    of_review("scores/", scoring.scores, "review_scores"),
    of_review("override/", reading.override, "review_override"),
    of_review("authority/", deciding.authority, "review_authority"),
    of_review("government/", deciding.government, "review_government"),
    of_review("decision/", deciding.decision, "review_decision"),
    of_review("reconsider/", deciding.reconsider, "review_reconsider"),
    path("review/decisions/", deciding.decisions, name="review_decisions"),
    of_review("screening/", screening.screening, "review_screening"),
    of_review("reviewers/", screening.reviewers, "review_reviewers"),
    of_review("changes/", screening.changes, "review_changes"),
    of_review("messages/", talking.messages, "review_messages"),
    of_review("notes/", talking.notes, "review_notes"),
]
