"""Who owns a page, by the host of its address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipeline.extract.names import code_of_domain
from pipeline.ingest.datelines import rules


def issuer_of(url: str | None) -> str | None:
    """ISO 3166-1 alpha-3 code of the state whose government's site `url` names.

    Example:
        >>> issuer_of("https://mfa.gov.mn/en/1234"), issuer_of("https://www.example.mn/1")
        ('MNG', None)
    """
    host = host_of(url) or ""
    for rule in rules().site:
        match = re.fullmatch(rule.pattern, host[:253])
        if match is None:
            continue
        if "country" not in match.groupdict():
            return "USA"
        return code_of_domain(match["country"])
    return None


def host_of(url: str | None) -> str | None:
    """The host that `url` names, in small letters; None where it names none.

    Example:
        >>> host_of("https://News.Example.org/a/1"), host_of("news")
        ('news.example.org', None)
    """
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None
