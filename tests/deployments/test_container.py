"""The image and the compose file: linted, held against the specification, and built where an engine runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deployments" / "container"
CONTAINERFILE, COMPOSE = FOLDER / "Containerfile", FOLDER / "compose.yaml"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=ROOT)


def test_the_image_is_linted() -> None:
    done = run(Path(sys.executable).parent / "hadolint", "--failure-threshold", "style", CONTAINERFILE)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_is_valid() -> None:
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSE)
    assert done.returncode == 0, done.stdout


def test_the_compose_file_names_what_is_there() -> None:
    content = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    services = content["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        if build := service.get("build"):
            context = FOLDER / build["context"]
            assert context.resolve() == ROOT
            assert ROOT / build["dockerfile"] == CONTAINERFILE
            assert (FOLDER / service["env_file"]).is_file()
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_image_holds_what_is_installed() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    copied = CONTAINERFILE.read_text(encoding="utf-8").splitlines()
    sent = (FOLDER / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for package in {name.partition(".")[0] for name in settings["packages"]}:
        assert f"COPY {package} {package}" in copied
        assert f"!{package}" in sent


def engine() -> str | None:
    """An engine that answers."""
    for name in ("docker", "podman"):
        if shutil.which(name) and run(name, "info").returncode == 0:
            return name
    return None


def test_the_image_is_built() -> None:
    name = engine()
    if not name:
        pytest.skip("no container engine answers here")
    (base,) = {line.split()[1] for line in CONTAINERFILE.read_text().splitlines() if line.startswith("FROM ")}
    if run(name, "image", "inspect", base).returncode and run(name, "pull", base).returncode:
        pytest.skip(f"{base} cannot be had here")
    built = run(name, "build", "--file", CONTAINERFILE, "--tag", "newslake-test", ".")
    assert built.returncode == 0, built.stderr[-2_000:]
    shown = run(name, "run", "--rm", "newslake-test", "--help")
    assert shown.returncode == 0 and "serve" in shown.stdout
