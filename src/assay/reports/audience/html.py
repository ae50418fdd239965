"""A page as HTML: one file, no script, no font, no image from anywhere; keyboard, print, light and dark."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from assay.reports.audience.page import Block, Page, text_of
from assay.reports.table import pictured

_KINDS: Mapping[type, str] = {each: each.__name__.lower() for each in get_args(Block)}


def render(page: Page) -> str:
    """Return the page."""
    return _environment().get_template("audience.html.j2").render(page=page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assay.reports"),
        autoescape=select_autoescape(default=True, default_for_string=True),  # names come from strangers' templates
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown: dict[str, Callable[..., Any]] = {
        "kind": lambda block: _KINDS[type(block)],
        "said": lambda cell: pictured(text_of(cell)),
        "tone": lambda cell: getattr(cell, "tone", "plain"),
        "anchor": lambda heading: "-".join(heading.lower().replace(",", "").split()),
    }
    environment.filters.update(shown)
    return environment
