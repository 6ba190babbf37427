"""What a worker must hold is told to whoever asks, in the contract's own shape."""

from pydantic import TypeAdapter

from fixpoint.recipes import known_recipes, recipe_facts
from worker.contract import CONTRACT, Terms


def test_the_terms_are_the_contract_and_every_locked_digest(client):
    answer = client.get("/api/worker/terms")
    terms = TypeAdapter(Terms).validate_json(answer.content, strict=True)
    assert terms == Terms(CONTRACT, {name: recipe_facts(name).digest for name in known_recipes()})


def test_they_can_only_be_read(client):
    assert client.post("/api/worker/terms").status_code == 405
