"""The HTML checker finds what is wrong, and says on which page."""

import pytest

GOOD = '<!doctype html><html lang="en"><head><title>Good</title></head><body><p>Well made</p></body></html>'
BAD = GOOD.replace("<p>", "<p><div>")


def test_it_names_the_page_and_the_fault(validate_html):
    validate_html([("good", GOOD)])
    with pytest.raises(pytest.fail.Exception, match="bad page, line 1: .*p.*") as caught:
        validate_html([("good", GOOD), ("bad page", BAD)])
    assert "good, line" not in str(caught.value)
