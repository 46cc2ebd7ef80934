"""What every page has: the template engine, style, script, and the policy that allows no other.

The Content-Security-Policy names the very style and script of the page by their SHA-256,
so a script or style that came out of a document would not run even if it got into the page.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from pipeline.report.signs import visible

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """The template engine: escapes everything, refuses names it does not know."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    made = Environment(
        loader=PackageLoader("pipeline.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["words"] = lambda text: str(text).replace("_", " ")
    return made


def page(template: str, script: str, **values: object) -> str:
    """A whole page: `template` filled in, with the style and the scripts of its kind.

    Args:
        template: name of a file in `templates/`.
        script: name of a file in `assets/`, inlined after those shared by all pages.
        values: what the template shows; strings are escaped.
    """
    style = asset("style.css")
    code = asset("verdicts.js") + asset(script)
    policy = (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(code)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        environment()
        .get_template(template)
        # Both are files of this package.
        .render(style=Markup(style), script=Markup(code), policy=policy, **values)
    )


@cache
def asset(name: str) -> str:
    """The text of a file in `assets/`."""
    return (files("pipeline.report") / "assets" / name).read_text(encoding="utf-8")


@cache
def digest(text: str) -> str:
    """SHA-256 of an inline style or script as a policy names it.

    Example:
        >>> digest("")
        'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
