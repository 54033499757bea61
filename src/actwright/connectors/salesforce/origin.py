"""Origins: which server a URL belongs to, and whether a token may go there."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from actwright.errors import ConfigError

_PORTS = {"https": 443, "http": 80}

_LOGIN_SUFFIXES = {
    "salesforce.com": "salesforce.com",
    "force.com": "salesforce.com",
    "site.com": "salesforce.com",
    "salesforce.mil": "salesforce.mil",
    "sfcrmproducts.cn": "sfcrmproducts.cn",
}
"""Where a login host stands, and where the instances behind it may stand."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of one server."""

    scheme: str
    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Whether the server is this very machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if _PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def origin_of(url: str) -> Origin:
    """Return the origin of an org's address.

    Args:
        url: ``https://acme.my.salesforce.com``, or ``http://127.0.0.1:8765`` on this machine.

    Raises:
        ConfigError: It is no such address, carries a path, a query or a name before an ``@``, or is plain http to
            another machine.
    """
    origin = _parsed(url)
    if origin.scheme == "http" and not origin.loopback:
        raise ConfigError(
            "Plain http is for this machine only: anybody on the way could read the token.",
            where=str(origin),
            hint="Use https.",
        )
    return origin


def is_salesforce(origin: Origin) -> bool:
    """Tell whether a server is one of Salesforce's own, whose tokens ``login.salesforce.com`` stands for.

    Its separate clouds, ``salesforce.mil`` and ``sfcrmproducts.cn``, are not among them.
    """
    return _secure(origin) and any(
        _under(origin.host, suffix)
        for suffix, home in _LOGIN_SUFFIXES.items()
        if home == "salesforce.com"
    )


def may_serve(login: Origin, instance: Origin) -> bool:
    """Tell whether ``instance`` may receive the token that ``login`` gave out.

    Salesforce's own login hosts answer with an instance under Salesforce's domain; every other server, this machine
    included, answers only for itself.
    """
    if login == instance:
        return True
    return _secure(instance) and any(
        _under(login.host, suffix) and _under(instance.host, home)
        for suffix, home in _LOGIN_SUFFIXES.items()
    )


def _secure(origin: Origin) -> bool:
    return origin.scheme == "https" and origin.port == _PORTS["https"]


def _under(host: str, suffix: str) -> bool:
    return host.endswith("." + suffix)


def _parsed(url: str) -> Origin:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused(url) from error
    if parts.scheme not in _PORTS or not parts.hostname or not _bare(parts):
        raise _refused(url)
    return Origin(parts.scheme, parts.hostname, port or _PORTS[parts.scheme])


def _bare(parts: SplitResult) -> bool:
    extras = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    clean = all(char.isalnum() or char in ".-_:[]" for char in parts.netloc)
    return not extras and clean and parts.netloc.isascii()


def _refused(url: str) -> ConfigError:
    return ConfigError(
        f"{url[:80]!r} is not the address of an org.",
        hint="Give scheme and host only, such as https://acme.my.salesforce.com.",
    )
