"""The connector to services over HTTP: effects sent under an idempotency key, and settled by asking about that key.

An override that acts by itself uses it; see "An override that acts by itself" in ``docs/runs.md``.
"""

from actwright.connectors.http.answer import ServiceAnswer
from actwright.connectors.http.keyed_call import KeyedCall
from actwright.connectors.http.service import HttpService
from actwright.connectors.http.standing import KeyStanding, read_standing

__all__ = ["HttpService", "KeyStanding", "KeyedCall", "ServiceAnswer", "read_standing"]
