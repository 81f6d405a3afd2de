"""The HTML standard's own checker, Nu, for whole lists of pages at a time: a Java program is slow to start."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def missing():
    """Say what keeps the checker from running here, or return None."""
    if shutil.which("java") is None:
        return (
            "Java is not installed; to check the HTML: sudo apt-get install default-jre-headless npm && make validator"
        )
    if not JAR.exists():
        return "the HTML checker is not installed; to install it: make validator"
    return None


def faults(pages):
    """Check pages, given as (name, html), and return each error and warning as a line with name and place."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(pages):
            path = Path(folder) / f"{number}.html"
            path.write_text(html, encoding="utf-8")
            names[path.name] = name
        command = [
            "java",
            "-jar",
            JAR,
            "--format",
            "json",
            "--exit-zero-always",
            *(Path(folder) / file for file in names),
        ]
        report = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return [
        f"{names[Path(message['url']).name]}, line {message.get('lastLine', '?')}: {message['message']} "
        f"in {message.get('extract', '')!r}"
        for message in json.loads(report)["messages"]
        if message["type"] != "info" or message.get("subType") == "warning"
    ]
