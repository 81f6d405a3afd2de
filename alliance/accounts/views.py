from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alliance.core import mail

from .forms import NameForm, PasswordLoginForm


class PasswordLoginView(LoginView):
    template_name = "account/password_login.html"

    def get_form_class(self):
        return PasswordLoginForm


password_login = PasswordLoginView.as_view()


@require_http_methods(["GET", "HEAD", "POST"])
def account(request):
    """Everything of an account at a glance, and the name to change."""
    form = NameForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Your name is saved."))
        return redirect("account")
    return render(request, "account/account.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
def sign_out_everywhere(request):
    request.user.sign_out_everywhere()
    logout(request)
    return redirect("account_login")


@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices(request):
    """Which mail a person gets: what can be declined, and what always comes."""
    kinds = [kind for kind in mail.kinds().values() if kind.may_decline]
    if request.method == "POST":
        request.user.mail_declined = [kind.name for kind in kinds if kind.name not in request.POST.getlist("wanted")]
        request.user.save(update_fields=["mail_declined"])
        messages.success(request, _("Your choice is saved."))
        return redirect("account_mail")
    return render(request, "account/mail.html", {"kinds": kinds, "declined": request.user.mail_declined})
