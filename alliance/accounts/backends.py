"""How whoever has signed in is found again with each request."""

from allauth.account.auth_backends import AuthenticationBackend

from alliance.core.models import User


class Backend(AuthenticationBackend):
    def get_user(self, user_id):
        """The person with what our doors ask about them, in one query; None for an account that is closed."""
        user = User.objects.with_rights().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
