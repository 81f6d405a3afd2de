"""The addresses under /account/. Their names are those that django-allauth asks for; each stands behind its door."""

from allauth.account import views as allauth
from allauth.mfa.base import views as two_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from . import leaving, views
from .doors import guarded


def door(route, view, name):
    return path(route, guarded(name, view), name=name)


urlpatterns = [
    # To come in
    door("login/", allauth.login, "account_login"),
    path("login/", allauth.login, name="account_request_login_code"),  # the same page: a code is how one signs in
    door("login/code/", views.login_code, "account_confirm_login_code"),
    door("login/password/", views.password_login, "account_password_login"),
    door("login/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
    door("login/two-step/", two_step.authenticate, "mfa_authenticate"),
    door("signup/", allauth.signup, "account_signup"),
    door("confirm/", views.address_code, "account_email_verification_sent"),
    door("password/reset/", allauth.password_reset, "account_reset_password"),
    door("password/reset/code/", views.password_code, "account_confirm_password_reset_code"),
    door("password/reset/new/", allauth.complete_password_reset, "account_complete_password_reset"),
    door("password/reset/done/", allauth.password_reset_from_key_done, "account_password_reset_completed"),
    door("inactive/", allauth.account_inactive, "account_inactive"),
    door("logout/", allauth.logout, "account_logout"),
    # The account
    door("", views.account, "account"),
    door("email/", allauth.email, "account_email"),
    door("password/", allauth.password_change, "account_change_password"),
    door("password/set/", allauth.password_set, "account_set_password"),
    door("again/", allauth.reauthenticate, "account_reauthenticate"),
    door("again/two-step/", two_step.reauthenticate, "mfa_reauthenticate"),
    door("again/passkey/", views.show_passkey, "mfa_reauthenticate_webauthn"),
    door("two-step/", two_step.index, "mfa_index"),
    door("two-step/app/", views.add_app, "mfa_activate_totp"),
    door("two-step/app/remove/", views.remove_app, "mfa_deactivate_totp"),
    door("two-step/codes/", recovery.view_recovery_codes, "mfa_view_recovery_codes"),
    door("two-step/codes/new/", recovery.generate_recovery_codes, "mfa_generate_recovery_codes"),
    door("two-step/codes.txt", recovery.download_recovery_codes, "mfa_download_recovery_codes"),
    door("two-step/passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
    door("two-step/passkeys/add/", views.add_passkey, "mfa_add_webauthn"),
    door("two-step/passkeys/<int:pk>/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    door("two-step/passkeys/<int:pk>/remove/", views.remove_passkey, "mfa_remove_webauthn"),
    door("sessions/", views.sessions, "usersessions_list"),
    door("sessions/end/", views.sign_out_everywhere, "account_sign_out_everywhere"),
    door("mail/", views.mail_choices, "account_mail"),
    door("data.json", leaving.data, "account_data"),
    door("delete/", leaving.delete, "account_delete"),
    door("deleted/", leaving.deleted, "account_deleted"),
]
