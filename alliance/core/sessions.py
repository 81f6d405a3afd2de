"""Sessions in the database that know when they end; Django's look that up and forget it."""

from datetime import timedelta

from django.contrib.sessions.backends import db
from django.utils import timezone

# The end of a session is told to the page where it is this near; sessions last two weeks.
NEAR_END = timedelta(days=1)


class SessionStore(db.SessionStore):
    ends = None

    def _get_session_from_db(self):
        session = super()._get_session_from_db()
        self.ends = session and session.expire_date
        return session

    @property
    def seconds_left(self):
        """Seconds until the reader is signed out, where that is near; else None."""
        left = self.ends and self.ends - timezone.now()
        return int(left.total_seconds()) if left and left < NEAR_END else None
