"""The floors of the house: an app imports only from floors below it."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Which of our packages each one may import, besides itself. The order is that of DESIGN: top floor first.
MAY_IMPORT = {
    "alliance": {
        *("alliance.core", "cohorts", "members.partners", "members.collaborations", "resources", "dev"),
        "members.pathway",
    },
    "members.pathway": {
        *("alliance.core", "cohorts", "resources", "members.peers", "members.collaborations", "members.partners"),
    },
    "members.peers": {"alliance.core", "cohorts", "resources", "members.collaborations"},
    "resources": {"alliance.core", "cohorts", "members.partners"},
    "members.collaborations": {"alliance.core", "cohorts", "members.partners"},
    "members.partners": {"alliance.core", "cohorts"},
    "cohorts": {"alliance.core"},
    "alliance.core": set(),
    "dev": {"alliance"},
    "bench": {"alliance", "alliance.core", "cohorts", "members.pathway", "members.peers", "resources", "dev"},
}


def package_of(module):
    """The package of ours that a module name belongs to, or None for anything else."""
    return max((name for name in MAY_IMPORT if f"{module}.".startswith(f"{name}.")), key=len, default=None)


def imports_of(path):
    """Names of all modules that a file imports, wherever in it, relative ones resolved."""
    package = list(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, node.module] if node.module else base)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def arrows():
    """(file, its package, package it imports) for all code but tests, whose factories may stand on any floor."""
    for path in sorted(ROOT.glob("*/**/*.py")):
        home = package_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        if home and "tests" not in path.parts:
            for module in imports_of(path):
                if (other := package_of(module)) and other != home:
                    yield path.relative_to(ROOT), home, other


def test_every_import_goes_down_a_floor():
    wrong = [f"{path}: {home} imports {other}" for path, home, other in arrows() if other not in MAY_IMPORT[home]]
    assert wrong == []


def test_the_imports_are_seen_at_all():
    seen = {(home, other) for _path, home, other in arrows()}
    assert {("members.collaborations", "members.partners"), ("cohorts", "alliance.core")} <= seen


@pytest.mark.parametrize("home", MAY_IMPORT)
def test_every_package_of_the_table_exists(home):
    assert (ROOT / home.replace(".", "/")).is_dir()
