"""An application on its way into the review, and the chair who takes care of it."""

import pytest

from alliance.core.tests.factories import make_user

from .factories import make_chair, make_complete_application, sign_and_hand_in
from .test_handing_in import change


@pytest.fixture
def draft():
    lead, sponsor = make_user(name="Lee Lead"), make_user(name="Sam Sponsor")
    application = make_complete_application(lead, sponsor, signed=False)
    change(application, "goal", "Fewer evictions")
    identity = {**application.sections.get(section="identity").answers, "name": "City of Lakeside"}
    change(application, "name", identity["name"], "identity")
    return application


@pytest.fixture
def submitted(draft):
    sign_and_hand_in(draft)
    return draft


@pytest.fixture
def chair(submitted):
    return make_chair(submitted, name="Chris Chair")
