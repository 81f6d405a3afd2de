"""Tables as files, and the pages of the admin that take and give them."""

import csv
import io

import openpyxl
from django.core.files.base import ContentFile


def csv_of(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def xlsx_of(*rows):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def csv_of_dicts(*rows):
    """A CSV file of dicts; what one of them lacks is empty there."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return csv_of(names, *([row.get(name, "") for name in names] for row in rows))


def cells(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def address(model, *rest):
    return "/".join(["/admin", model._meta.app_label, model._meta.model_name, *rest]) + "/"


def upload(client, model, data, name="table.csv"):
    return client.post(address(model, "import"), {"file": ContentFile(data, name=name)}, follow=True)


def confirm(client, model, response, **boxes):
    """Say yes to what the preview shows."""
    digest = response.context["plan"].digest
    return client.post(address(model, "import", "preview"), {"digest": digest} | boxes, follow=True)


def exported(client, model, kind, query=""):
    response = client.get(address(model, "export", kind) + query)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def refusal(response):
    """What the form says against the file."""
    return "; ".join(response.context["form"].errors["file"])


def errors(response):
    return {
        row.number: [(str(label), str(words)) for label, words in row.errors] for row in response.context["plan"].wrong
    }


def counts(response):
    return dict(response.context["plan"].counts)
