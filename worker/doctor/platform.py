"""The site, over the channel that a worker claims by: whether it answers, and in the same contract."""

from __future__ import annotations

from worker.contract import CONTRACT, Finding, Level, Terms
from worker.platform_client import Platform, RefusedError, UnreachableError
from worker.settings import Settings

_TIMEOUT_SECONDS = 5.0


class Site:
    """Asked once; `terms` is its answer, None as long as there is none."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.platform_url
        self.terms: Terms | None = None

    def finding(self) -> Finding:
        """Whether it would take a claim of ours, as far as the contract goes."""
        platform = Platform(self._url)
        try:
            self.terms = platform.terms(timeout=_TIMEOUT_SECONDS)
        except UnreachableError as error:
            advice = "see that the site runs and that this host reaches FIXPOINT_PLATFORM_URL"
            return Finding(Level.FAIL, f"{self._url} does not answer. {error}", advice)
        except RefusedError as error:
            advice = (
                "FIXPOINT_PLATFORM_URL must be the site's address, its name in FIXPOINT_ALLOWED_HOSTS, both updated"
            )
            return Finding(Level.FAIL, f"{self._url} is no Fixpoint that this worker knows. {error}", advice)
        finally:
            platform.close()
        if self.terms.contract != CONTRACT:
            found = f"{self._url} speaks contract {self.terms.contract}, this worker {CONTRACT}"
            return Finding(Level.FAIL, found, "install platform, worker and image from one version")
        return Finding(Level.OK, f"{self._url} answers, in contract {CONTRACT}")
