"""A mail server that keeps to a script: what it counts, and what it says to whose mail."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = f"{__name__}.ScriptedServer"


class ScriptedServer(BaseEmailBackend):
    """Takes every mail but those of `answers`, by address what to raise; `on_mail` is called at each."""

    opened: ClassVar[int] = 0
    tried: ClassVar[list[str]] = []
    taken: ClassVar[list[str]] = []
    answers: ClassVar[dict[str, Exception]] = {}
    on_mail: ClassVar[Callable[[], object]] = list

    @classmethod
    def reset(cls) -> None:
        """Forget all, and take everything."""
        cls.opened, cls.tried, cls.taken, cls.answers, cls.on_mail = 0, [], [], {}, list

    def open(self) -> bool:
        """Count the connection."""
        type(self).opened += 1
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take them, or raise what the script says."""
        for message in email_messages:
            type(self).on_mail()
            self.tried.append(message.to[0])
            if error := self.answers.get(message.to[0]):
                raise error
            self.taken.append(message.to[0])
        return len(email_messages)
