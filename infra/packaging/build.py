"""Package the services and compose the gateway.

python -m infra.packaging.build                  every service
python -m infra.packaging.build room payment     only these; the gateway is composed of all that are packaged
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.exclusive import exclusive
from infra.gateway.compose import PathClash, compose_gateway
from infra.layout import (
    GATEWAY_TEMPLATE,
    KERNEL,
    PIPELINE_TEMPLATES,
    PLATFORM_TEMPLATE,
    ROOT,
    SERVICES,
    TEMPLATES,
    WATCH_TEMPLATE,
    Service,
)
from infra.packaging import vendoring
from infra.packaging.archive import content_hash, pack, tree_hash, unpack
from infra.packaging.service_template import UnfitTemplate, finish
from infra.progress import say, step
from infra.template_files import read_template
from infra.watch.template import watch

GENERATED = "generated.json"  # what Chalice made of the service: its functions and its Swagger
HOW_IT_IS_PACKAGED = [Path(__file__).parent, ROOT / "infra" / "template_files.py"]
CHALICE = [sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())"]


class BuildFailed(Exception):
    """A service cannot be packaged; the message says why."""


PROBLEMS = (BuildFailed, PathClash, UnfitTemplate)


def build(services: list[Service], stage: str) -> None:
    """Bring dist/ up to date: the services that changed, then the gateway's and the platform's template."""
    target = vendoring.target_platform(stage)
    with exclusive(ROOT / "build" / "lock", "building"):
        _build_stale([each for each in services if not _is_current(each, target)], target)
        _write(PLATFORM_TEMPLATE, read_template(TEMPLATES / "platform.yaml"))
        for written, template in PIPELINE_TEMPLATES.items():
            _write(template, read_template(written))
        built = [each for each in SERVICES.values() if (each.package / GENERATED).exists()]
        _write(GATEWAY_TEMPLATE, compose_gateway({each.name: _swagger(each) for each in built}))
        _write(
            WATCH_TEMPLATE, watch(json.loads((each.package / "template.json").read_text()) for each in built)
        )


def _build_stale(services: list[Service], target: str) -> None:
    if services:
        vendoring.prepare(services, target)
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(_build_one, each, target) for each in services]:
            done.result()


def _build_one(service: Service, target: str) -> None:
    with step(f"package {service.name}"):
        _make_workspace(service, target)
        service.package.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=service.workspace) as output:
            _chalice_package(service, Path(output))
            _normalise(Path(output) / "deployment.zip", service.package / "deployment.zip")
            generated = json.loads((Path(output) / "sam.json").read_text())
        _write(service.package / GENERATED, generated)
        key = f"{content_hash(service.package / 'deployment.zip')}.zip"
        _write(service.package / "template.json", finish(generated, service.name, key))
        _stamp(service).write_text(_fingerprint(service, target))


def _make_workspace(service: Service, target: str) -> None:
    shutil.rmtree(service.workspace, ignore_errors=True)
    service.workspace.mkdir(parents=True)
    for part in ("chalicelib", ".chalice"):
        ignored = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
        shutil.copytree(service.source / part, service.workspace / part, ignore=ignored)
    shutil.copy(service.source / "app.py", service.workspace)
    (service.workspace / "requirements.txt").touch()  # Chalice installs nothing: vendor/ has it all
    _write(service.workspace / "merge.json", read_template(service.merge_template))
    vendoring.fill(service.workspace / "vendor", service, target)


def _chalice_package(service: Service, output: Path) -> None:
    """Run `chalice package`, which imports app.py with what is vendored and nothing of ours beside it."""
    command = [*CHALICE, "package", "--merge-template", "merge.json"]
    variables = {
        **os.environ,
        "PYTHONPATH": str(service.workspace / "vendor"),  # before what is installed, as it is in Lambda
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "ap-northeast-2"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [*command, str(output)],
        cwd=service.workspace,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BuildFailed(f"chalice package of {service.name} failed:\n{done.stdout}{done.stderr}".rstrip())


def _normalise(packaged: Path, archive: Path) -> None:
    """Pack Chalice's zip anew: what it adds to vendor/ byte-compiled too, and the same bytes every time."""
    files = unpack(packaged)
    with tempfile.TemporaryDirectory(dir=packaged.parent) as folder:
        root = Path(folder)
        for name in files:
            if name == "app.py" or name.startswith(("chalice/", "chalicelib/")):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_bytes(files[name])
        vendoring.compile_bytecode(root)
        for compiled in root.rglob("*.pyc"):
            files[compiled.relative_to(root).as_posix()] = compiled.read_bytes()
    pack(files, archive)


def _fingerprint(service: Service, target: str) -> str:
    inputs = [service.source, service.merge_template, KERNEL, *service.locks, *HOW_IT_IS_PACKAGED]
    return tree_hash(inputs, ROOT, f"{target} {sys.version}")


def _stamp(service: Service) -> Path:
    return service.package / "stamp"


def _is_current(service: Service, target: str) -> bool:
    stamp = _stamp(service)
    return stamp.exists() and stamp.read_text() == _fingerprint(service, target)


def _swagger(service: Service) -> dict[str, object]:
    generated = json.loads((service.package / GENERATED).read_text())
    swagger: dict[str, object] = generated["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return swagger


def _write(path: Path, document: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


def main() -> int:
    """Build the services named on the command line, all of them when none is named."""
    parser = argparse.ArgumentParser(description="Package the services and compose the gateway.")
    parser.add_argument("service", nargs="*", help=f"any of {', '.join(SERVICES)}; all when omitted")
    parser.add_argument("--stage", default="local", help="what it is packaged for (default: local)")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.service) - SERVICES.keys()):
        parser.error(f"no service {', '.join(unknown)}; there are {', '.join(SERVICES)}")
    try:
        build([SERVICES[name] for name in arguments.service or SERVICES], arguments.stage)
    except PROBLEMS as problem:
        say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
