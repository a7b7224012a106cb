"""What every answer of the page tells a browser to refuse for it.

What belongs here: the response headers. What must not: which requests are answered.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",  # Dagster's own policy, which holds beside this one, asks a nonce of each
        "worker-src 'self' blob:",  # Dagster's page draws its graphs and searches in workers
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",  # pictures of the row flow
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # a page of elsewhere learns nothing; our own requests say that they are ours
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PROGRAM = "/_next/static/"
"""Dagster's scripts and styles, which hold no data and which a browser may keep."""


def with_headers(send: Send, path: str) -> Send:
    """Sends as before, with our headers on the answer in place of Dagster's; its content policy stays beside ours."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            del headers["Feature-Policy"]  # Dagster's, which browsers complain of beside its successor
            headers.append("Content-Security-Policy", POLICY)
            if not path.startswith(PROGRAM):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return send_with_headers
