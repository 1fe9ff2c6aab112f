"""Where things are: the five services, their sources, workspaces and packages."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "infra" / "templates"
KERNEL = ROOT / "functions" / "kernel" / "src" / "kernel"
GATEWAY_TEMPLATE = ROOT / "dist" / "gateway.json"
PIPELINE = ROOT / "infra" / "pipeline"
PIPELINE_TEMPLATES = {
    PIPELINE / f"{name}.yaml": ROOT / "dist" / f"{name}.json" for name in ("pipeline", "stage")
}
PLATFORM_TEMPLATE = ROOT / "dist" / "platform.json"
WATCH_TEMPLATE = ROOT / "dist" / "watch.json"


@dataclass(frozen=True)
class Service:
    """One of the five services, by its name, and where its parts lie."""

    name: str

    @property
    def source(self) -> Path:
        """What people write: app.py, chalicelib, .chalice."""
        return ROOT / "functions" / self.name

    @property
    def merge_template(self) -> Path:
        """The CloudFormation that joins what Chalice generates: tables, queues, rules, roles."""
        return TEMPLATES / f"{self.name}.yaml"

    @property
    def locks(self) -> list[Path]:
        """The locks of what goes into the zip: everybody's, then its own where it has one."""
        own = self.source / "requirements.lock"
        return [ROOT / "functions" / "requirements.lock", *([own] if own.exists() else [])]

    @property
    def workspace(self) -> Path:
        """Where Chalice packages it."""
        return ROOT / "build" / self.name

    @property
    def package(self) -> Path:
        """What is deployed: template.json and deployment.zip."""
        return ROOT / "dist" / self.name

    @property
    def stack(self) -> str:
        """The name of its CloudFormation stack."""
        return f"staybook-{self.name}"


SERVICES = {name: Service(name) for name in ("room", "reservation", "payment", "message", "viewpage")}
