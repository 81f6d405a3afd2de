"""Take your data along, and leave."""

from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe


@require_safe
def data(request):
    return render(request, "account/data.html")


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request):
    if request.method == "POST":
        logout(request)
        return redirect("account_deleted")
    return render(request, "account/delete.html")


@require_safe
def deleted(request):
    return render(request, "account/deleted.html")
