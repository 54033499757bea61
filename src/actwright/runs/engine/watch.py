"""A watch over one group while it is out: tells whoever waits how far the whole run is."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.org.ports import SendProgress


@dataclass(frozen=True, slots=True)
class Watch:
    """Passes a group's progress on as the run's.

    Attributes:
        progress: Told how many of the preview's effects have been dealt with; None where nobody listens.
        before: How many effects the groups before this one had.
    """

    progress: SendProgress | None
    before: int

    def __call__(self, count: int) -> None:
        """Tell that ``count`` effects of the group have been dealt with.

        A listener that breaks loses its news and nothing else: the group is out, and its outcome must be read.
        """
        if self.progress is None:
            return
        try:
            self.progress(self.before + count)
        except Exception:  # noqa: BLE001 - as above
            return
