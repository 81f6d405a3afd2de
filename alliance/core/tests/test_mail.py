"""The texts of mail: the same in both forms, and inert whatever a person wrote."""

import re
from datetime import timedelta
from types import SimpleNamespace

import html5lib
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape

from alliance.core import mail
from alliance.core.models import OutgoingMail

from .factories import make_user

pytestmark = pytest.mark.django_db

KINDS = mail.kinds()

ODD = [
    "Tom & Jerry",
    "<b>bold</b> <script>x</script>",
    "> quoted",
    'O’Neil "Al" O\'Hara',
    "{{ code }} {% x %}",
    "&amp;",
]
# Each would be a paragraph of another form, if it became one.
POSING = ["> I said so", f"{settings.SITE_URL}/account/delete/", "KRTM-WXBP"]
BREAKS = ["\n\n", "\r\n\r\n", "\n \n", "\u2028\u2028", "\x0b\x0b", "\x85\x85"]


@pytest.fixture
def rendered(monkeypatch):
    """Render a mail from the source of a template and values."""

    def render(source, **values):
        template = SimpleNamespace(template=SimpleNamespace(source=source))
        monkeypatch.setattr(mail, "get_template", lambda name: template)
        return mail.render("letter", values)

    return render


def forms(html):
    """How many paragraphs of each form the HTML has."""
    return {"link": html.count("<a "), "quote": html.count("<blockquote"), "code": html.count("ui-monospace")}


PLAIN = {"link": 0, "quote": 0, "code": 0}

# --- The kinds there are ---


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_the_same_in_text_and_in_html(name):
    subject, text, html = mail.render(name, KINDS[name].sample())
    assert 0 < len(subject) <= 80
    assert f"<title>{escape(subject)}</title>" in html
    paragraphs = text.strip().split("\n\n")
    lines = [escape(line.removeprefix("> ")) for paragraph in paragraphs for line in paragraph.split("\n")]
    assert [line for line in lines if line not in html] == []
    assert html.count("<p") == 1 + len(paragraphs)  # and the name of the site
    html5lib.HTMLParser(strict=True).parse(html)


@pytest.mark.parametrize("name", KINDS)
def test_every_word_of_a_text_can_be_translated(name):
    source = get_template(f"mail/{name}.txt").template.source
    blocks = r"{% blocktranslate.*?{% endblocktranslate %}"
    assert re.findall(r"\w+", re.sub(rf"{blocks}|{{%.*?%}}|{{{{.*?}}}}", "", source, flags=re.DOTALL)) == []
    assert [block for block in re.findall(blocks, source, re.DOTALL) if mail.EMPTY_LINES.search(block)] == []


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if "code" in kind.sample()])
def test_a_code_is_in_the_text_and_never_in_the_subject(name):
    subject, text, html = mail.render(name, KINDS[name].sample())
    assert ("KRTM" in subject, "\n\nKRTM-WXBP\n\n" in text, forms(html)) == (False, True, PLAIN | {"code": 1})
    assert KINDS[name].lifetime == timedelta(minutes=15)


@pytest.mark.parametrize(("known", "unknown"), [("sign_in_code", "no_account"), ("has_account", "sign_up_code")])
def test_mail_to_known_and_unknown_addresses_looks_alike_in_a_list(known, unknown):
    subjects = {mail.render(name, KINDS[name].sample())[0] for name in (known, unknown)}
    first_words = {mail.render(name, KINDS[name].sample())[1][:40] for name in (known, unknown)}
    assert (len(subjects), len(first_words)) == (1, 1)


# --- What a person wrote stays what it is ---


@pytest.mark.parametrize("words", ODD)
def test_odd_words_are_right_in_both_forms(rendered, words):
    subject, text, html = rendered("About {{ words }}\n\n{{ words }} wrote.\n\nTo you", words=words)
    assert (subject, text) == (f"About {words}", f"{words} wrote.\n\nTo you\n")
    assert f"<p>{escape(words)} wrote.</p>" in html
    assert forms(html) == PLAIN


@pytest.mark.parametrize("words", POSING)
@pytest.mark.parametrize("gap", BREAKS)
def test_nobody_begins_a_paragraph_of_another_form(rendered, words, gap):
    _subject, text, html = rendered("Subject\n\n{{ name }} wrote.", name=f"{gap}{words}{gap}{words}{gap}")
    assert text == f"{words} {words} wrote.\n"
    assert forms(html) == PLAIN


def test_a_name_that_begins_as_a_quotation_makes_none(rendered):
    _subject, text, html = rendered("Subject\n\n{{ name }} wrote.", name="> x")
    assert (text, forms(html)) == ("> x wrote.\n", PLAIN)


@pytest.mark.parametrize("words", [*POSING, *ODD])
def test_a_quotation_stays_one_with_its_lines(rendered, words):
    source = "{% load mail %}Subject\n\nThey wrote:\n\n{{ said|quoted }}\n\nThe end"
    _subject, text, html = rendered(source, said=f"{words}\n\n{words}")
    assert text == f"They wrote:\n\n> {words}\n> {words}\n\nThe end\n"
    assert f"<p>{escape(words)}<br>{escape(words)}</p></blockquote>" in html
    assert forms(html) == PLAIN | {"quote": 1}


def test_an_address_of_this_site_is_a_link_and_no_other(rendered):
    ours = mail.address_of("home")
    others = ["https://elsewhere.example/", ours.replace("://", "://x@"), f"{ours} x", "javascript:alert(1)"]
    assert forms(rendered("Subject\n\n{{ link }}", link=ours)[2]) == PLAIN | {"link": 1}
    for link in others:
        assert forms(rendered("Subject\n\n{{ link }}", link=link)[2]) == PLAIN


def test_a_subject_is_one_line_of_bounded_length(rendered):
    subject, _text, _html = rendered("On {{ title }}\n\nText", title="x\r\nBcc: all@example.org\r\n\r\n" + "y" * 500)
    assert subject == f"On x Bcc: all@example.org {'y' * 500}"[:200]


def test_what_turns_the_direction_or_breaks_the_database_is_left_out(rendered):
    assert rendered("S\n\n{{ name }} wrote.", name="\x00a\u202eb\x1bc")[1] == "a b c wrote.\n"


def test_an_empty_value_leaves_no_empty_paragraph(rendered):
    assert rendered("S\n\nOne\n\n{% if no %}\n\nTwo\n\n{% endif %}\n\n{{ no }}\n\nThree")[1] == "One\n\nThree\n"


# --- Into the outbox ---


def test_a_mail_is_written_with_what_is_needed_to_send_it(settings):
    user = make_user()
    row = mail.send("sign_in_code", "ada@example.org", user=user, code="KRTM-WXBP", minutes=15)
    row.refresh_from_db()
    assert (row.kind, row.to, row.user, row.state, row.attempts) == (
        "sign_in_code", "ada@example.org", user, OutgoingMail.State.WAITING, 0,
    )  # fmt: skip
    assert row.expires_at - row.created_at == pytest.approx(timedelta(minutes=15), abs=timedelta(seconds=1))
    assert row.message_id.endswith("@localhost>")
    assert "KRTM" not in str(row)
    assert "ada" not in str(row)


def test_a_change_that_is_rolled_back_leaves_no_mail():
    with transaction.atomic():
        mail.send("password_changed", "ada@example.org", when=timezone.now())
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()


def test_a_mail_that_was_declined_is_not_written(monkeypatch):
    news = mail.Kind("password_changed", "News", dict, may_decline=True)
    monkeypatch.setitem(mail.kinds(), news.name, news)
    wants, declines = make_user(), make_user(mail_declined=[news.name])
    values = {"when": timezone.now()}
    assert mail.send(news.name, declines.email, user=declines, **values) is None
    assert mail.send(news.name, wants.email, user=wants, **values).user == wants
    monkeypatch.setitem(mail.kinds(), news.name, mail.Kind(news.name, "News", dict))
    assert mail.send(news.name, declines.email, user=declines, **values).user == declines


@pytest.mark.parametrize(
    "to", ["a@example.org\r\nBcc: b@example.org", "a b@example.org", "", "ä@example.org", "nobody"]
)
def test_what_is_no_address_is_refused_by_the_database(to):
    with pytest.raises(IntegrityError, match="core_mail_to_plain"):
        mail.send("password_changed", to, when=timezone.now())


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "sent"}, "core_mail_done_at"),
        ({"done_at": timezone.now()}, "core_mail_done_at"),
        ({"state": "sent", "done_at": timezone.now()}, "core_mail_text_blanked"),
        ({"state": "late", "done_at": timezone.now(), "text": ""}, "core_mail_text_blanked"),
    ],
)
def test_the_database_keeps_no_text_of_mail_that_is_done(change, constraint):
    mail.send("password_changed", "ada@example.org", when=timezone.now())
    with pytest.raises(IntegrityError, match=constraint):
        OutgoingMail.objects.update(**change)
