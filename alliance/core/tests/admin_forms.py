"""Filling in the admin's forms as a browser does."""


def filled_in(response, **changes):
    """Return what the browser would send for the form of this page, with some boxes changed."""
    formsets = [inline.formset for inline in response.context.get("inline_admin_formsets", [])]
    forms = [response.context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    # A box for a file sends nothing until one is chosen.
    found = [box for form in forms for box in form if not box.field.widget.needs_multipart_form]
    # Beside a box whose default Django calls, the value that it had is sent, too.
    boxes = {
        box.html_initial_name: box.field.prepare_value(box.initial) for box in found if box.field.show_hidden_initial
    }
    boxes |= {box.html_name: box.value() for box in found}
    return {name: value for name, value in boxes.items() if value is not None and value is not False} | changes


def new_row(prefix, number, **values):
    """Return the boxes of a row that was added to the table `prefix`, and the table's new count of rows."""
    return {f"{prefix}-TOTAL_FORMS": number + 1} | {
        f"{prefix}-{number}-{name}": value for name, value in values.items()
    }


def complaints(response):
    """Return every error on the page: of the form by box, of the rows by box, `__all__` for those on top."""
    errors = {name: list(words) for name, words in response.context["adminform"].form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        for row in inline.formset.forms:
            errors |= {f"{row.prefix}-{name}": list(words) for name, words in row.errors.items()}
    return errors


def messages(response):
    return [str(message) for message in response.context["messages"]]
