"""A keyed call: an effect that is sent over HTTP under the run's key, and settled by asking about that key.

Reading that a key was never seen proves nothing, since the first try may still be on its way. So a lost answer counts as
"did not happen" only where the service was told to give the key up, and said that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Literal, NoReturn, TypeAlias, get_args

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from actwright.actions.implementation import ActionRequest
from actwright.actions.opaque import Reconciliation
from actwright.canonical import Json
from actwright.clock import CLOCKS_APART, Clock, SystemClock
from actwright.connectors.http.answer import ServiceAnswer, scalars
from actwright.connectors.http.key_path import KEY_PLACE, path_of_key
from actwright.connectors.http.service import NOT_REACHED, HttpService
from actwright.connectors.http.standing import KeyStanding, read_standing
from actwright.errors import (
    ImplementationError,
    InputError,
    OrgAuthenticationError,
    OrgBusyError,
    OrgProtocolError,
    OrgUnreachableError,
    RefusedError,
)
from actwright.inert import inert
from actwright.org.query import JsonScalar

Unseen: TypeAlias = Literal["ask", "give_up", "send_again"]
"""What is done about a key that a service has not seen."""

_TRIES = 3
"""How often connecting is tried, while nothing has been sent yet."""

_FIRST_WAIT = 0.5
"""Seconds before the second try."""

_ON_ITS_WAY = timedelta(minutes=1)
"""For how long a first try may be on its way: nothing is sent later, and before that no person says that it did not happen."""

_NO_ENTRY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCall:
    """One kind of effect that a service carries out at most once for each key.

    Attributes:
        service: The service.
        path: Where the effect is sent.
        method: The HTTP method it is sent with.
        status_path: Where the service is asked about a key, with ``{key}`` in it; None where it cannot be asked.
        unseen: What is done where the service has not seen a key: it is told to give it up (``give_up``: PUT of
            ``{"status": "given_up"}`` to the status path, which the service decides in one step with the key's
            arrival); it is sent the effect again under the same key (``send_again``, for services that promise to act
            once for each key); or a person decides (``ask``).
        keeps_keys: For how long the service remembers a key, one that was given up too; `timedelta.max` where for ever.
            A key that it may have forgotten, give or take five minutes for the clocks, is neither given up nor sent
            again: a person decides.
        read: Reads what the service says of a key.
        outputs: What came of it, made of the service's answer; its plain values where left out.
        clock: The time, by which a key's age is told.

    Raises:
        ImplementationError: What is declared does not fit together.
    """

    service: HttpService
    path: str
    method: Literal["DELETE", "PATCH", "POST", "PUT"] = "POST"
    status_path: str | None = None
    unseen: Unseen = "ask"
    keeps_keys: timedelta | None = None
    read: Callable[[ServiceAnswer], KeyStanding] = read_standing
    outputs: Callable[[Mapping[str, Json]], Mapping[str, JsonScalar]] = scalars
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        if self.unseen not in get_args(Unseen):
            _misdeclared(f"unseen is none of {', '.join(get_args(Unseen))}", "unseen")
        if self.status_path is not None and KEY_PLACE not in self.status_path:
            _misdeclared(f"status_path has no {KEY_PLACE} in it", f"/bookings/keys/{KEY_PLACE}")
        if self.status_path is None and self.unseen != "send_again":
            _misdeclared(
                "the service can neither be asked about a key nor sent it again", "status_path"
            )
        if self.unseen != "ask" and self.keeps_keys is None:
            _misdeclared("it is not said for how long the service keeps keys", "keeps_keys")

    def send(
        self, request: ActionRequest, body: Mapping[str, Json] | None = None
    ) -> Mapping[str, JsonScalar]:
        """Send the effect once, under the request's key, and return what came of it. For ``act`` and ``compensate``.

        Where it cannot connect, it tries twice more: nothing has been sent by then.

        Args:
            request: What the override was handed.
            body: What is sent, as JSON.

        Raises:
            RefusedError: The service said no, or could not be reached: nothing was done.
            ImplementationError: It cannot be sent; nothing was.
            OrgError: Nobody knows whether it happened: no answer, a server error, a redirect, or an odd answer.
        """
        answer = self._sent(request.key, body)
        if answer.is_success:
            return self._outputs(answer.read())
        if answer.is_refusal:
            raise RefusedError(self._told(answer, "said no"), code="service_refused")
        raise self._no_answer(answer)

    def reconcile(
        self, request: ActionRequest, key: str, body: Mapping[str, Json] | None = None
    ) -> Reconciliation:
        """Return what became of an effect whose answer was lost. For ``reconcile`` and ``reconcile_compensation``.

        Args:
            request: What the override was handed.
            key: The key it was sent under.
            body: What was sent, for a service that is sent it again.

        Raises:
            ImplementationError: It would be sent again, and ``body`` is missing; nothing was sent.
            OrgError: The service cannot be asked now.
        """
        path = self._status_path(key)
        standing = self._standing("GET", path, key) if path else KeyStanding("unseen")
        if standing.status != "unseen":
            return self._found(standing)
        if self.unseen == "ask" or self._may_be_forgotten(request):
            return self._undecided(request)
        if self.unseen == "send_again":
            return self._sent_again(request, key, body)
        given_up = self._standing("PUT", path, key, {"status": "given_up"})
        slept = given_up.status == "not_done" and self._may_be_forgotten(request)
        return self._undecided(request) if slept else self._found(given_up)

    def _sent(self, key: str, body: Mapping[str, Json] | None) -> ServiceAnswer:
        connecting = Retrying(
            retry=retry_if_exception(_is_unsent),
            stop=stop_after_attempt(_TRIES),
            wait=wait_exponential(multiplier=_FIRST_WAIT),
            reraise=True,
        )
        begun = self.clock.now()
        try:
            return connecting(self._sent_in_time, begun, key, body)
        except OrgUnreachableError as error:
            if _is_unsent(error):
                raise RefusedError(error.message, code=NOT_REACHED) from error
            raise

    def _sent_in_time(
        self, begun: datetime, key: str, body: Mapping[str, Json] | None
    ) -> ServiceAnswer:
        """Send it, unless this process lay asleep since it began: by now it may have been done under another key."""
        if abs(self.clock.now() - begun) >= _ON_ITS_WAY:
            told = f"{self.service.name} could not be reached in time; nothing was sent."
            raise OrgUnreachableError(told, code=NOT_REACHED)
        return self.service.exchange(self.method, self.path, key=key, body=body)

    def _standing(
        self,
        method: Literal["GET", "PUT"],
        path: str,
        key: str,
        body: Mapping[str, Json] | None = None,
    ) -> KeyStanding:
        """Ask, or tell, the service about a key.

        Raises:
            OrgError: It cannot be asked now, or will not say.
        """
        answer = self.service.exchange(method, path, body=body)
        if answer.status in _NO_ENTRY:
            raise OrgAuthenticationError(self._told(answer, "does not let us ask"))
        if answer.is_success or (method == "GET" and answer.status == HTTPStatus.NOT_FOUND):
            return self._of_this_key(key, self.read(answer))
        if method == "PUT" and answer.status == HTTPStatus.CONFLICT:
            return self._standing("GET", path, key)
        raise self._no_answer(answer)

    def _of_this_key(self, key: str, standing: KeyStanding) -> KeyStanding:
        """Return what is said of a key.

        Raises:
            OrgProtocolError: The service says that it speaks of another one.
        """
        if standing.key in {None, key}:
            return standing
        raise OrgProtocolError(
            f"{self.service.name} was asked about {key}, and speaks of {inert(standing.key or '', limit=100)}.",
            hint="It has to decode the key in the path before it compares it.",
            code="service_protocol",
        )

    def _found(self, standing: KeyStanding) -> Reconciliation:
        name = self.service.name
        if standing.status == "done":
            return Reconciliation(happened=True, outputs=self._outputs(standing.answer))
        if standing.status == "not_done":
            told = f"{name} has not done it, and never will under this key."
            return Reconciliation(happened=False, evidence=(told,))
        busy = standing.status == "in_flight"
        told = f"{name} is still at it." if busy else f"{name} did not give the key up."
        return Reconciliation(None, evidence=(told,), ask_again=True)

    def _outputs(self, answer: Mapping[str, Json]) -> Mapping[str, JsonScalar]:
        """Return what came of it; whatever is wrong with that, it has happened, and no error may say otherwise."""
        try:
            return self.outputs(answer)
        except (InputError, RefusedError) as error:
            raise ValueError(
                f"what {self.service.name} answered has no outputs: {error}"
            ) from error

    def _undecided(self, request: ActionRequest) -> Reconciliation:
        told = f"{self.service.name} has not seen the key; the first try may still be on its way."
        if self.unseen == "ask":
            return Reconciliation(None, evidence=(told,), ask_again=self._may_arrive(request))
        since = f"{request.sent_at:%Y-%m-%d %H:%M} UTC" if request.sent_at else "an unknown time"
        told = f"{self.service.name} does not know the key by now; it was sent at {since}, and may have been forgotten."
        return Reconciliation(None, evidence=(told,))

    def _sent_again(
        self, request: ActionRequest, key: str, body: Mapping[str, Json] | None
    ) -> Reconciliation:
        name = self.service.name
        if body is None and self.method != "DELETE":
            raise ImplementationError(
                f"An effect is sent to {name} again only with what was sent the first time.",
                hint="Hand it over: reconcile(request, key, body).",
            )
        if request.ends:
            told = f"The run is to end, so that nothing was sent to {name} again to find out."
            return Reconciliation(None, evidence=(told,), ask_again=self._may_arrive(request))
        answer = self.service.exchange(self.method, self.path, key=key, body=body)
        if answer.is_success:
            return self._found(KeyStanding("done", answer.read()))
        if answer.is_in_flight:
            return self._found(KeyStanding("in_flight"))
        if answer.is_refusal:
            told = self._told(answer, "was sent it again under the same key, and said no")
            return Reconciliation(None, evidence=(told,))
        raise self._no_answer(answer)

    def _status_path(self, key: str) -> str:
        """Return where the service is asked about a key; nothing where it cannot be."""
        return path_of_key(self.status_path, key) if self.status_path else ""

    def _may_arrive(self, request: ActionRequest) -> bool:
        """Tell whether a first try that has not been seen may be seen if one only waits."""
        return request.sent_at is not None and self.clock.now() - request.sent_at < _ON_ITS_WAY

    def _may_be_forgotten(self, request: ActionRequest) -> bool:
        if request.sent_at is None or self.keeps_keys is None:
            return True
        return abs(self.clock.now() - request.sent_at) + CLOCKS_APART >= self.keeps_keys

    def _no_answer(self, answer: ServiceAnswer) -> OrgBusyError | OrgProtocolError:
        """Return what an answer means that says neither yes nor no."""
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return OrgBusyError(self._told(answer, "broke"), code="service_broke")
        if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            told = self._told(answer, "sends us elsewhere, where we do not go")
            return OrgProtocolError(told, code="service_redirected")
        if answer.is_in_flight:
            return OrgBusyError(self._told(answer, "is at it"), code="service_in_flight")
        return OrgProtocolError(self._told(answer, "gave no clear answer"), code="service_protocol")

    def _told(self, answer: ServiceAnswer, what: str) -> str:
        saying = f": {answer.saying}" if answer.saying else "."
        return f"{self.service.name} {what} ({answer.status}){saying}"


def _is_unsent(error: BaseException) -> bool:
    """Tell whether an error says that nothing was sent, so that trying again does nothing twice."""
    return isinstance(error, OrgUnreachableError) and error.error_code == NOT_REACHED


def _misdeclared(what: str, hint: str) -> NoReturn:
    raise ImplementationError(f"A keyed call is misdeclared: {what}.", hint=f"Give it: {hint}.")
