"""The directions of the house: who may import whom."""

import ast
import importlib.metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(p.relative_to(ROOT) for room in ("flows", "tasks") for p in (ROOT / room).rglob("*.py"))
FLOW_MODULES = {
    "cluster.py",
    "ingest.py",
    "back_fill.py",
    "load.py",
    "reextract.py",
    "maintain.py",
    "verify.py",
    "artifacts.py",
    "report.py",
    "watch.py",
}
# A module's layer; a module imports from its own layer or from a later one.
LAYERS = ["flows", "tasks", "tasks.web tasks.lake tasks.files", "tasks.article tasks.linking"]
IO = {"httpx", "duckdb", "deltalake", "pyarrow", "os", "socket", "subprocess", "requests", "time", "random"}


def imports(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def layer(name: str) -> int | None:
    for depth, rooms in reversed(list(enumerate(LAYERS))):
        if any(name == room or name.startswith(room + ".") for room in rooms.split()):
            return depth
    return None


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_go_one_way(module: Path) -> None:
    own = layer(".".join(module.with_suffix("").parts))
    upward = {
        name for name in imports(module) if (of := layer(name)) is not None and own is not None and of < own
    }
    assert not upward


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_only_flow_modules_import_prefect(module: Path) -> None:
    if module.parts[0] == "flows" and module.name in FLOW_MODULES:
        return
    assert not {name for name in imports(module) if name.split(".")[0] == "prefect"}


@pytest.mark.parametrize(
    "module", [m for m in MODULES if layer(".".join(m.with_suffix("").parts)) == 3], ids=str
)
def test_extraction_is_pure(module: Path) -> None:
    assert not {name for name in imports(module) if name.split(".")[0] in IO}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_modules_stay_small(module: Path) -> None:
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= 400


def test_settings_alone_read_the_environment() -> None:
    readers = {"os.environ", "os.getenv", "BaseSettings"}
    found = [
        str(m) for m in MODULES if any(word in (ROOT / m).read_text(encoding="utf-8") for word in readers)
    ]
    assert found == ["flows/__init__.py", "tasks/settings.py"]  # the first only sets what Prefect needs


def test_no_other_distribution_owns_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for name in ("flows", "tasks", "sql", "deployments"):
        assert set(owners.get(name, ["newslake"])) == {"newslake"}
