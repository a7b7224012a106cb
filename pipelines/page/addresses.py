"""Under which names the page answers, and from where a request may come.

What belongs here: the headers Host, Origin, Referer and Sec-Fetch-*. What must not: who asks (the token).
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from pipelines.page.refusal import Refused

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
READING = ("GET", "HEAD")


def own_origins(port: int, names: Iterable[str] = ()) -> dict[str, str]:
    """The page's origin for each Host header it answers to: this machine's names, and configured ones behind HTTPS."""
    suffix = "" if port == 80 else f":{port}"
    here = {f"{name}{suffix}": f"http://{name}{suffix}" for name in THIS_MACHINE}
    return here | proxied_origins(names)


def proxied_origins(names: Iterable[str]) -> dict[str, str]:
    """The same of a page that only a proxy reaches: the configured names alone."""
    return {name: f"https://{name}" for name in names}


def origin_asked(headers: Headers, origins: Mapping[str, str]) -> str:
    """The page's origin under the name that the request has for it.

    :raises Refused: for any other name, so that a name led here by somebody else's name server gets no answer.
    """
    named = [host.lower() for host in headers.getlist("host")]
    if len(named) != 1 or named[0] not in origins:
        raise Refused("the page does not answer to this name; `page_names` in config.yaml lists those of a proxy")
    return origins[named[0]]


def require_own_origin(method: str, headers: Headers, own: str, *, by_command: bool) -> None:
    """Requests come from the page itself; a command, known by its token, need not say so, nor need plain navigation.

    :raises Refused: when a browser says that another page asks, or when what may change something says nothing.
    """
    signs = _signs(headers, own)
    reads = method in READING
    if reads and _is_navigation(headers):
        return
    if not all(signs) or not (signs or reads or by_command):
        raise Refused("only the page itself, or a command with its token, may ask this")


def _signs(headers: Headers, own: str) -> list[bool]:
    """For each thing that a browser says of where a request comes from, whether it is the page itself."""
    origins = [origin == own for origin in headers.getlist("origin")]
    sites = [site == "same-origin" for site in headers.getlist("sec-fetch-site")]
    return origins + sites + [_origin(referer) == own for referer in headers.getlist("referer")]


def _is_navigation(headers: Headers) -> bool:
    """Whether somebody opens an address; from another page's link it comes without the session (SameSite)."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _origin(referer: str) -> str:
    try:
        parts = urlsplit(referer)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
