"""Answers as HTTP: conditional requests, ranges, and what every answer says of itself."""

from __future__ import annotations

import re

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from digest.serve.pages import Answer

_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*\Z")
_ALWAYS = {"cache-control": "no-cache", "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
# What is served here can write files: no other site may show it in a frame and have it clicked.
_OF_PAGES = {**_ALWAYS, "x-frame-options": "SAMEORIGIN"}


def respond(answer: Answer, request: Request) -> Response:
    """The response to a GET or HEAD."""
    if answer.location:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(answer.location + query, answer.status, _ALWAYS)
    headers = {**(_OF_PAGES if answer.media_type.startswith("text/html") else _ALWAYS), "etag": answer.etag}
    if answer.status == 200 and _is_known(request, answer.etag):
        return Response(status_code=304, headers=headers)
    headers["content-type"] = answer.media_type
    if not isinstance(answer.body, bytes):
        return FileResponse(answer.body, answer.status, headers)
    if answer.status == 200:
        headers["accept-ranges"] = "bytes"
        return _respond_in_part(answer.body, headers, request)
    return Response(answer.body, answer.status, headers)


def respond_json(value: object, status: int = 200) -> Response:
    """`value` as JSON that no other origin can read or keep."""
    headers = {**_ALWAYS, "cache-control": "no-store", "cross-origin-resource-policy": "same-origin"}
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def _is_known(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in known.split(","))


def _respond_in_part(body: bytes, headers: dict[str, str], request: Request) -> Response:
    """All of `body`, or the one range that is asked for. Several ranges, or what is none, are
    answered with all, as RFC 9110 (14.2) allows."""
    asked = _RANGE.match(request.headers.get("range", ""))
    is_other = request.headers.get("if-range", headers["etag"]) != headers["etag"]
    if asked is None or asked.groups() == ("", "") or is_other:
        return Response(body, 200, headers)
    first, last = asked.groups()
    begin = int(first) if first else max(len(body) - int(last), 0)
    end = min(int(last) + 1, len(body)) if first and last else len(body)
    if begin >= end:
        return Response(status_code=416, headers={**_ALWAYS, "content-range": f"bytes */{len(body)}"})
    part = f"bytes {begin}-{end - 1}/{len(body)}"
    return Response(body[begin:end], 206, {**headers, "content-range": part})
