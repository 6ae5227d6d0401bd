"""When to send ETag and Last-Modified, so that a 304 is never believed without reason.

1. Validators come from an answer that was read whole and recorded, and are withheld while the latest capture is a
   failure: a 304 then cannot make a source healthy that has brought nothing.
2. Once a day the body is asked for without them (recheck): that unmasks validators that never change.
3. Validators that were found to lie are left out for a week (distrusted).
4. What a body lists decides whether it changed, not its validators: those that change for nothing cost bytes only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tasks.web.model import Asked, Past, Poll

RECHECK = timedelta(hours=24)
DISTRUST = timedelta(days=7)
_NOT_MODIFIED = 304
# Outcomes after which validators may be sent. Deferred: it was not asked for, so nothing is known to be wrong.
_SOUND = frozenset(("listed", "unchanged", "duplicate", "read", "deferred"))
_UNNOTICED = 2  # changes that only rechecks noticed, until validators that do change are distrusted too


def ask(past: Past | None, now: datetime) -> tuple[Asked, str | None, str | None]:
    """How to ask for an address at ``now``, and the ETag and Last-Modified to send.

    - plain: it was never read whole, its latest capture is a failure, or there are no validators;
    - distrusted: its validators were found to lie within the last 7 days;
    - recheck: no body came within the last 24 hours (or as far back as the polls go);
    - conditional: otherwise, and only then with validators.
    """
    if past is None or past.failures or past.outcome not in _SOUND or not (past.etag or past.last_modified):
        return "plain", None, None
    lies = [at for at in (lied_at(past.polls), past.distrusted_since) if at is not None]
    if lies and now - max(lies) < DISTRUST:
        return "distrusted", None, None
    bodies = [poll.at for poll in past.polls if poll.status != _NOT_MODIFIED]
    if not bodies or now - bodies[-1] >= RECHECK:
        return "recheck", None, None
    return "conditional", past.etag, past.last_modified


def changed(past: Past | None, body_hash: str, listing_hash: str | None) -> bool:
    """Whether a body brings anything new: other bytes, and other addresses in them.

    The same bytes are unchanged whatever the validators say. So are other bytes that name the same addresses: a
    feed that states when it was made differs at each request.
    """
    if past is None:
        return True
    if past.body_hash is not None and body_hash == past.body_hash:
        return False
    return listing_hash is None or listing_hash != past.listing_hash


def lied_at(polls: Sequence[Poll]) -> datetime | None:
    """When the validators were last found to lie; None where nothing says so.

    After a 304, a body brings something new: had it changed before that 304 already? It had where its validator is
    still the same, which says nothing any more. Where the validator did change, the change may have come after the
    304, so one such body proves nothing; but if only bodies asked for without validators bring anything new, twice
    in a row, then 304 is what this server always says.
    """
    found: datetime | None = None
    body: Poll | None = None
    not_modified, unnoticed = False, 0
    for poll in polls:
        if poll.status == _NOT_MODIFIED:
            not_modified = True
            continue
        if body is not None and not_modified and poll.changed:
            unnoticed = 0 if poll.asked == "conditional" else unnoticed + 1
            if _same_validator(body, poll) or unnoticed >= _UNNOTICED:
                found = poll.at
        body, not_modified = poll, False
    return found


def _same_validator(before: Poll, after: Poll) -> bool:
    """Whether a server would take the two for the same; ETag goes before Last-Modified (RFC 9110, 13.2.2)."""
    if before.etag or after.etag:
        return before.etag == after.etag
    return before.last_modified is not None and before.last_modified == after.last_modified
