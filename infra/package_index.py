"""Hand pip's settings on to uv, which reads neither pip's environment nor pip's files."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

# pip's name -> uv's name, and what joins several values for uv
TRANSLATIONS = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", " "),
}


def settings_for_uv(python: Path) -> dict[str, str]:
    """Environment variables that make uv ask where the pip of this Python would ask.

    What the environment already says to uv is left as it is.
    """
    listing = subprocess.run(
        [python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    )
    return translate(listing.stdout.splitlines(), os.environ)


def translate(listing: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Translate the lines of `pip config list`, such as ``global.cert='/etc/ca.pem'``."""
    found: dict[str, str] = {}
    for line in listing:
        name, _, value = line.partition("=")
        translation = TRANSLATIONS.get(name.rsplit(".", 1)[-1])
        if translation is None or translation[0] in environment:
            continue
        variable, separator = translation
        found[variable] = separator.join(str(ast.literal_eval(value)).split())
    if "UV_INDEX" in found and "UV_INDEX_STRATEGY" not in environment:
        # As pip does: every index may hold the wanted version. Safe, for every install checks hashes.
        found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return found
