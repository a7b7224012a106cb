"""The audit log (logg över åtgärder): who did what to which case and when, in one chain that shows any change.

What belongs here: writing a record before the act, and checking the chain. What must not: rows, identity numbers, the
clock, who is asking (all arguments).

Each record carries the authenticator of the record before and its own (HMAC-SHA256 under the keystore's ``audit``
secret), so a changed, removed, swapped or inserted record breaks the chain. Lines cut off at the end leave a chain that
holds: only a head kept elsewhere (``head()``, the case register) shows them.
"""

from samkorning.audit.index import Trail
from samkorning.audit.log import AuditLog, AuditProblem
from samkorning.audit.records import START, Head, Record

__all__ = ["START", "AuditLog", "AuditProblem", "Head", "Record", "Trail"]
