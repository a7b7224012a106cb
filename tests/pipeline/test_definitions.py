"""Everything that Dagster loads, held against one picture of it; and Dagster's own word that it loads.

A change of the graph changes tests/pipeline/definitions.json, which people read in the same commit. Written anew with
SAMKORNING_SNAPSHOT=1.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from tests.factories import PROJECT
from tests.office import Office

PICTURE = Path(__file__).parent / "definitions.json"
OWN_REGISTER = "own_register"
ONE = "lmed"
"""The register that stands for all in the picture: they are made by one function."""


def test_the_definitions_are_as_pictured(office: Office) -> None:
    found = json.loads(json.dumps(picture(build_definitions(office.desk)), ensure_ascii=False))
    if os.environ.get("SAMKORNING_SNAPSHOT"):
        PICTURE.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(PICTURE.read_text("utf-8"))


def test_every_asset_says_what_it_is_whose_and_what_lies_in_it(office: Office) -> None:
    graph = build_definitions(office.desk).resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description and node.description.endswith("."), key
        assert node.owners and node.code_version and node.tags, key
        assert node.group_name in ("desk", "intake", "case", "persons", "linkage", "delivery", "retention"), key


@pytest.mark.slow
def test_dagster_itself_finds_the_definitions_valid(office: Office) -> None:
    with dagster_instance(office.desk):
        pass
    command = [sys.executable, "-m", "dagster", "definitions", "validate", "-m", "pipelines.served"]
    home = {"SAMKORNING_HOME": str(office.desk.home.root), "DAGSTER_HOME": str(office.desk.home.dagster)}
    done = subprocess.run(command, cwd=PROJECT, env={**os.environ, **home}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def picture(definitions: dg.Definitions) -> dict[str, Any]:
    """Names, dependencies, groups, kinds, owners, tags, checks, jobs, schedules and sensors."""
    graph = definitions.resolve_asset_graph()
    repository = definitions.get_repository_def()
    return {
        "assets": {name: _asset(graph, key) for key in _shown(graph) if (name := key.to_user_string())},
        "own registers": sum(key.path[0] == OWN_REGISTER for key in graph.get_all_asset_keys()),
        "checks": dict(sorted(_checks(graph).items())),
        "jobs": {job.name: _steps(job) for job in _named(repository)},
        "schedules": {
            each.name: [each.cron_schedule, each.execution_timezone, each.job_name, each.default_status.value]
            for each in sorted(repository.schedule_defs, key=lambda each: each.name)
        },
        "sensors": {
            each.name: [each.minimum_interval_seconds, each.default_status.value]
            for each in sorted(repository.sensor_defs, key=lambda each: each.name)
        },
    }


def _shown(graph: AssetGraph) -> list[dg.AssetKey]:
    keys = sorted(graph.get_all_asset_keys())
    return [key for key in keys if key.path[0] != OWN_REGISTER or key.path[1] == ONE]


def _asset(graph: AssetGraph, key: dg.AssetKey) -> dict[str, Any]:
    node = graph.get(key)
    above = sorted(
        {parent.path[0] if parent.path[0] == OWN_REGISTER else parent.to_user_string() for parent in node.parent_keys}
    )
    partitions = node.partitions_def
    return {
        "made from": above,
        "group": node.group_name,
        "owners": list(node.owners),
        "kinds": sorted(node.kinds),
        "tags": {name: value for name, value in node.tags.items() if not name.startswith("dagster/")},
        "partitions": partitions.name if isinstance(partitions, dg.DynamicPartitionsDefinition) else None,
        "made by runs": node.is_materializable,
        "says": node.description,
    }


def _checks(graph: AssetGraph) -> dict[str, dict[str, Any]]:
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    return {
        f"{spec.asset_key.to_user_string()}: {spec.name}": {"blocks": spec.blocking, "asks": spec.description}
        for spec in specs
        if spec.asset_key in _shown(graph)
    }


def _named(repository: dg.RepositoryDefinition) -> list[dg.JobDefinition]:
    """The jobs that have a name of ours."""
    jobs = (job for job in repository.get_all_jobs() if not job.name.startswith("__"))
    return sorted(jobs, key=lambda job: job.name)


def _steps(job: dg.JobDefinition) -> list[str]:
    return sorted(node.name for node in job.graph.nodes)
