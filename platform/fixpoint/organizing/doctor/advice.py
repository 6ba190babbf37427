"""What to do, in the words of this installation: the embedded stack and Docker Compose are mended differently."""

from pathlib import Path

from django.conf import settings

from fixpoint.embedded.running import is_running


def advice_on(*, program: str, service: str) -> str:
    """How to bring a part back: it is a program of the embedded stack, or a service of the compose file."""
    home = Path(settings.HOME)
    if not settings.IS_EMBEDDED:
        return f"docker-compose ps; docker-compose logs --tail 100 {service}"
    if not is_running(home):
        return f"start the stack, `manage.py up`: none runs from {home}"
    return f"see {home / 'logs' / (program + '.log')}"
