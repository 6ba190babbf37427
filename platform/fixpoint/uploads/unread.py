"""What is answered to a form with files of which nothing is read: a page for who sits before it, the sentence else."""

from fixpoint.body_limit import Scope
from fixpoint.refusal_page import refusal_told
from fixpoint.uploads import answers
from fixpoint.uploads.answers import Answer
from fixpoint.uploads.refusals import UploadRefusedError


def form_refused(scope: Scope, refusal: UploadRefusedError) -> Answer:
    """With the headers of the protocol's answer, in the language that is active."""
    answer = answers.refused(refusal)
    told, text = refusal_told(scope, answer.status, refusal.detail)
    return form_closing(Answer(answer.status, {**answer.headers, **told}, text))


def form_closing(answer: Answer) -> Answer:
    """What comes after the headers is never read."""
    return Answer(answer.status, {**answer.headers, "Connection": "close"}, answer.text)
