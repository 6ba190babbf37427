"""Two clocks beside each other: by the hosts of web and platform-jobs leases and signed addresses are judged."""

from django.conf import settings

from worker.contract import Finding, Level

SKEW_SECONDS = 2.0


def clock_finding(*, theirs: float, before: float, after: float) -> Finding:
    """How far `theirs` is from ours; the question was asked between `before` and `after`, which is how sure it is."""
    skew, unsure = theirs - (before + after) / 2, (after - before) / 2
    found = f"{abs(skew):.2f} s {'ahead of' if skew > 0 else 'behind'} ours (± {unsure:.2f} s)"
    advice = "let NTP set the clocks of both hosts (timedatectl set-ntp true)"
    if abs(skew) - unsure > settings.LEASE_SECONDS / 2:
        found = f"{found}: if ours is the wrong one, leases end too soon or too late"
    if abs(skew) - unsure > SKEW_SECONDS:
        return Finding(Level.WARN, found, advice)
    return Finding(Level.OK, found)
