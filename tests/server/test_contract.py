"""The OpenAPI tells the truth: whatever it allows is answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method
from schemathesis.specs.openapi.schemas import OpenApiSchema

from gca_tui.server.base import open_base
from gca_tui.server.problems import PROBLEM_JSON
from gca_tui.server.service import Service
from tests.server.office import OPEN, RUNNING, Office, Poste
from tests.server.test_rights import PROBES, PUBLIC


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Poste]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GCA_MAINTENANT", "2026-11-12T09:30:00+00:00")
        service = Service(open_base(tmp_path_factory.mktemp("base") / "serveur.db"))
        office = Office(service)
        office.corbeilles(OPEN, RUNNING)
        office.dossiers("0000001")
        yield office, office.agent("katia", "681", [OPEN, RUNNING])
        service.close()


ROUTES = sorted({*PROBES, *PUBLIC} - {("GET", "/v1/openapi.json")})
UNPROVEN = [positive_data_acceptance, unsupported_method]
"""A text of the right form may hold what no schema can forbid: a control character, a value too deep. Methods that no
route has are called in test_hostile_requests."""


@pytest.fixture(scope="module")
def schema(standing: tuple[Office, Poste]) -> OpenApiSchema:
    office, _ = standing

    async def served(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":  # the application lives as long as the test, not as one call
            raise RuntimeError("no lifespan")
        await office.app(scope, receive, send)

    refused = {"expected-statuses": ["400", "401", "403", "404", "413", "415", "422", "426", "429"]}
    config = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": refused}})
    return schemathesis.openapi.from_asgi("/v1/openapi.json", served, config=config)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_every_answer_is_as_declared(
    standing: tuple[Office, Poste], schema: OpenApiSchema, route: tuple[str, str], mode: GenerationMode
) -> None:
    method, path = route
    bearer = {"Authorization": f"Bearer {standing[1].token}"}
    operation = schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.headers):
        return

    @settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode, headers=bearer))
    def called(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=bearer, excluded_checks=UNPROVEN)

    called()


def test_every_error_is_declared_as_a_problem(schema: OpenApiSchema) -> None:
    for path, operations in schema.raw_schema["paths"].items():
        for told in operations.values():
            for status, answer in told["responses"].items():
                assert status.startswith("2") or list(answer["content"]) == [PROBLEM_JSON], (path, status)
    assert "HTTPValidationError" not in schema.raw_schema["components"]["schemas"]
