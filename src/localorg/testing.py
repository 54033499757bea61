"""A local org for tests: started as a child process, spoken to over HTTP, gone when the block ends.

```python
with running_org() as org:
    alice = org.login("alice")
    alice.query("SELECT Id, Name FROM Account")
```
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import requests

from localorg.auth import CLIENT_SECRET

TIMEOUT: Final = 30.0
VERSION: Final = "v68.0"


@dataclass
class Client:
    """One user's session with an org. Paths are relative to ``/services/data/v68.0`` unless absolute."""

    url: str
    token: str = field(repr=False)
    http: requests.Session = field(default_factory=requests.Session)

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Make one call and return its response, whatever its status."""
        whole = path.startswith(("/services", "/localorg"))
        url = self.url + path if whole else f"{self.url}/services/data/{VERSION}{path}"
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.http.request(
            method, url, json=body, headers=sent, params=params, timeout=TIMEOUT
        )

    def query(self, soql: str) -> list[dict[str, Any]]:
        """Return the records of a query.

        Raises:
            requests.HTTPError: The org refused it.
        """
        response = self.request("GET", "/query", params={"q": soql})
        response.raise_for_status()
        records: list[dict[str, Any]] = response.json()["records"]
        return records

    def create(self, name: str, **fields: object) -> str:
        """Create a record and return its id.

        Raises:
            requests.HTTPError: The org refused it.
        """
        response = self.request("POST", f"/sobjects/{name}", fields)
        response.raise_for_status()
        return str(response.json()["id"])


@dataclass(frozen=True)
class RunningOrg:
    """A served org: its address, and the process that serves it."""

    url: str
    process: subprocess.Popen[str]

    def login(self, alias: str) -> Client:
        """Return the session of a user, by client credentials.

        Raises:
            requests.HTTPError: There is no such active user.
        """
        form = {"grant_type": "client_credentials", "client_id": alias}
        url = f"{self.url}/services/oauth2/token"
        data = {**form, "client_secret": CLIENT_SECRET}
        response = requests.post(url, data=data, timeout=TIMEOUT)
        response.raise_for_status()
        return Client(self.url, str(response.json()["access_token"]))


@contextmanager
def running_org(*, db: str = ":memory:", options: Sequence[str] = ()) -> Iterator[RunningOrg]:
    """Serve an org on a free port until the block ends.

    Args:
        db: The database file, created and seeded if it is new.
        options: Further options of ``localorg serve``.

    Raises:
        RuntimeError: The server ended before it was ready.
    """
    command = [sys.executable, "-m", "localorg", "serve", "--port", "0", "--db", db]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [*command, "--with-parent", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError("the local org ended before it was ready: see its errors above")
            yield RunningOrg(str(json.loads(line)["url"]), process)
        finally:
            process.terminate()
