"""A small project that has a file for every collector, and what the tools leave in it that are not run here."""

from importlib.resources import files
from pathlib import Path

EVIDENCE = Path(str(files("standfast.evidence")))


def sample(place: str) -> bytes:
    """Return the sample at *place* (``lint/ruff.json``)."""
    kind, _, name = place.partition("/")
    return (EVIDENCE / kind / "samples" / name).read_bytes()


PYPROJECT = """[project]
name = "shop"
version = "1.0"
dependencies = ["httpx>=0.27", "msgspec"]
[project.optional-dependencies]
more = ["rich"]
[tool.ruff.lint]
select = ["ALL"]
ignore = ["D203"]
[tool.mypy]
strict = true
[tool.basedpyright]
typeCheckingMode = "strict"
[tool.coverage.report]
fail_under = 90
"""
SOURCE = '''"""Take orders."""

import logging
import os

import httpx  # noqa: F401  # kept for callers

CARD = "4111 1111 1111 1111"
log = logging.getLogger(__name__)


class Order:
    """One order."""

    email: str
    card_number: str


def take(order: Order, *, retries: int = 3) -> str:  # type: ignore[misc]
    """Return the id of *order*."""
    for _ in range(retries):
        try:
            return httpx.get(os.environ["SHOP"], timeout=3).text
        except httpx.HTTPError:
            log.exception("shop failed", extra={"order": order})
    if retries > 3 and order.email or not order.card_number:
        raise ValueError("too many")
    return ""
'''
SERVICE = """import express from "express";
const app = express();
app.get("/health", (req, res) => res.json({ ok: true }));
app.get("/orders/:id", async (req, res) => {
  const found = await fetch(`${SHOP}/orders/${req.params.id}`, { signal: AbortSignal.timeout(3000) });
  // eslint-disable-next-line no-console
  console.log(found.status);
  res.json(await found.json()); // @ts-ignore
});
process.on("SIGTERM", () => server.close());
const server = app.listen(8080);
"""
FILES = {
    "README.md": "# Shop\n\nA [shop](docs/slo.yaml).\n\n## Start\n\n```console\n$ make run\n```\n\n- one\n  more\n",
    "CHANGELOG.md": "# Changes\n\n## 1.0 (2026-01-02)\n\n- First.\n",
    "pyproject.toml": PYPROJECT,
    "setup.cfg": "[options]\ninstall_requires =\n    httpx\n[flake8]\nmax-line-length = 100\n[mypy]\nstrict = True\n",
    "requirements.txt": "# by uv pip compile\nhttpx[http2]==0.27.0 ; os_name > 'a' \\\n    --hash=sha256:00\n-e .\n",
    "uv.lock": '[[package]]\nname = "shop"\nsource = { virtual = "." }\ndependencies = [{ name = "httpx" }]\n'
    '[[package]]\nname = "httpx"\nversion = "0.27.0"\nsdist = { hash = "sha256:00" }\n',
    "Pipfile.lock": '{"default": {"httpx": {"version": "==0.27.0", "hashes": ["sha256:00"]}}, "develop": {}}',
    "package.json": '{"name": "shop", "dependencies": {"express": "^4"}, "scripts": {"test": "jest"}, "jest": {}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^4"}}, '
    '"node_modules/express": {"version": "4.0.0", "resolved": "r", "integrity": "sha512-0"}}}',
    "web/yarn.lock": '# yarn lockfile v1\n\n"express@^4", express@4:\n  version "4.0.0"\n  integrity sha512-0\n',
    "web/pnpm-lock.yaml": "lockfileVersion: '9.0'\npackages:\n  express@4.0.0:\n    resolution: {integrity: s}\n",
    "Cargo.lock": 'version = 3\n[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "registry"\nchecksum = "0"\n',
    "go.mod": "module example.org/shop\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.0.0\n)\nrequire b.c/d v1.0.0\n",
    "go.sum": "github.com/a/b v1.0.0 h1:0=\ngithub.com/a/b v1.0.0/go.mod h1:0=\n",
    "gradle.lockfile": "# by Gradle\norg.a:b:1.0=compileClasspath,runtimeClasspath\nempty=\n",
    "packages.lock.json": '{"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "resolved": "1.0", '
    '"contentHash": "0"}}}}',
    "composer.lock": '{"packages": [{"name": "a/b", "version": "1.0", "dist": {"shasum": "0"}}], "packages-dev": []}',
    "Gemfile.lock": "GEM\n  remote: r\n  specs:\n    rack (3.0.0)\n      a (>= 1)\n\nDEPENDENCIES\n  rack\n",
    "Dockerfile": "FROM python:3.11 AS build\nRUN pip install . && \\\n    rm -rf /tmp\nUSER app\n"
    'HEALTHCHECK CMD curl localhost\nENTRYPOINT ["/bin/run.sh"]\nCMD exec uvicorn shop:app --timeout-keep-alive 5\n',
    "compose.yaml": "services:\n  shop:\n    build: .\n    command: ['uvicorn', 'shop:app']\n    mem_limit: 512m\n"
    "    environment:\n      DATABASE_URL: postgresql://db/shop?sslmode=verify-full\n    stop_grace_period: 30s\n",
    "k8s/app.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n"
    "      containers:\n      - name: shop\n        image: shop\n        command: [sh, -c, 'exec run']\n"
    "        resources: {limits: {memory: 512Mi, cpu: 500m}}\n        livenessProbe: {httpGet: {path: /health}}\n",
    "main.tf": 'resource "x" "y" {\n  a = 1\n}\n',
    "db/schema.sql": "CREATE TABLE orders (\n  id bigint PRIMARY KEY, -- key\n  email text,\n  card varchar(20)\n);\n",
    "db/schema.prisma": "model Order {\n  id Int @id\n  email String\n}\n",
    "shop.proto": "message Order {\n  string email = 1;\n}\n",
    "src/shop.py": SOURCE,
    "src/order.go": 'package shop\n\ntype Order struct {\n\tEmail string `json:"email"`\n}\n',
    "src/Order.java": "@Entity\nclass Order {\n  private String email;\n}\n",
    "tests/unit/test_shop.py": "from shop import take\n\n\ndef test_takes():\n    assert take(1) == ''\n",
    "web/app.js": SERVICE,
    "web/order.ts": "@Entity()\nexport class Order {\n  @Column() email: string;\n  private total?: number;\n}\n",
    "tsconfig.json": '{"compilerOptions": {"strict": true}, "include": ["web"]}',
    "eslint.config.js": "export default [{ rules: { semi: 'error' } }];\n",
    ".eslintrc.json": '{"rules": {"semi": "error"}}',
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu\n    steps:\n    - run: make test\n",
    "docs/monitoring.md": "---\nkind: monitoring\n---\n# Monitoring\n\n| metric | type | labels |\n|---|---|---|\n"
    "| `http_requests_total` | counter | route |\n",
    "docs/backup.md": "# Backup\n\nEvery night.\n\n## Restore\n\n1. Stop.\n2. Restore.\n",
    "docs/incident-response.md": "---\nowner: Ana\nreviewed_at: 2026-01-02\n---\n# Incidents\n\n## Severity\n\nOne.\n",
    "record-of-processing.toml": '[[purpose]]\nname = "orders"\nlegal_basis = "contract"\nfields = ["email"]\n'
    'retention = "3 years"\n',
}
"""Text by path, beside the samples that `samples_in` puts in their places."""

PLACED = {
    "alert_rules/alerts.yml": "alerts/rules.yml",
    "alert_rules/alertmanager.yml": "alerts/alertmanager.yml",
    "api_description/petty.yaml": "openapi.yaml",
    "vex/openvex.json": "vex/shop.openvex.json",
    "attestations/attestations/pentest-2026.toml": "attestations/pentest-2026.toml",
    "attestations/attestations/backup-drill.md": "attestations/backup-drill.md",
    "attestations/attestations/reports/pentest.txt": "attestations/reports/pentest.txt",
    **{
        f"documents/docs/{path.relative_to(EVIDENCE / 'documents/samples/docs').as_posix()}": (
            path.relative_to(EVIDENCE / "documents/samples").as_posix()
        )
        for path in sorted((EVIDENCE / "documents/samples/docs").rglob("*"))
        if path.is_file()
    },
}
"""Where a sample of a document or a rule file stands in the project."""

CONFIGURED: dict[str, dict[str, bytes]] = {
    "formatting.black": {"pyproject.toml": b"[tool.black]\nline-length = 100\n"},
    "test_results.jest": {"package.json": b'{"devDependencies": {"jest": "^30"}}'},
    "test_results.vitest": {"package.json": b'{"devDependencies": {"vitest": "^4", "@vitest/coverage-v8": "^4"}}'},
    "type_findings.pyright": {"pyproject.toml": b"[tool.pyright]\nstrict = ['src']\n"},
}
"""What else a project says to be one for those collectors."""

LEFT: dict[str, dict[str, bytes]] = {
    "code_findings.bandit": {"": sample("code_findings/bandit.json")},
    "complexity.lizard": {"": sample("complexity/lizard.xml")},
    "formatting.black": {"": sample("formatting/black.txt")},
    "formatting.ruff_format": {"": sample("formatting/ruff_format.txt")},
    "infrastructure.checkov": {"": sample("infrastructure/checkov.json")},
    "infrastructure.hadolint": {"": sample("infrastructure/hadolint.json")},
    "lint.eslint": {
        "": sample("lint/eslint.json"),
        "eslint-config": b'{"rules": {"semi": [2, "always"], "no-console": ["off"], "eqeqeq": "error"}}',
    },
    "lint.ruff": {
        "": sample("lint/ruff.json"),
        "ruff-files": b"/p/src/shop.py\n/p/tests/unit/test_shop.py\n",
        "ruff-settings": b"linter.rules.enabled = [\n\tunused-import (F401),\n\tassert (S101),\n]\n",
    },
    "pipeline_findings.zizmor": {"": sample("pipeline_findings/zizmor.json")},
    "sbom.cyclonedx_py": {"": sample("sbom/cyclonedx-1.6.json")},
    "sbom.npm_sbom": {"": sample("sbom/cyclonedx-1.6.json")},
    "secrets.detect_secrets": {"": sample("secrets/detect-secrets.json")},
    "test_results.jest": {
        "": b"",
        "tests.json": sample("test_results/jest.json"),
        "coverage/coverage-final.json": sample("coverage/istanbul.json"),
    },
    "test_results.vitest": {
        "": b"",
        "tests.json": sample("test_results/vitest_interrupted.json"),
        "coverage/coverage-final.json": sample("coverage/istanbul.json"),
    },
    "test_results.pytest": {
        "": b"1 passed\n",
        "junit.xml": sample("test_results/pytest.xml"),
        "coverage.json": sample("coverage/coverage_py.json"),
        "run.json": b'{"deselected": 1, "subtests_passed": 2}',
    },
    "type_findings.basedpyright": {"": sample("type_findings/pyright.json")},
    "type_findings.pyright": {"": sample("type_findings/pyright.json")},
    "type_findings.mypy": {
        "": sample("type_findings/mypy.txt"),
        "linecount.txt": b"   1  9  2  3 shop\n   1  9  2  3 total\n",
        "any-exprs.txt": b" Name  Anys  Exprs  Coverage\n----\n shop  1  20  95.00%\n----\nTotal  1  20  95.00%\n",
    },
    "type_findings.tsc": {
        "": sample("type_findings/tsc.txt"),
        "tsc-config": b'{"compilerOptions": {"strict": true}, "files": ["./web/order.ts"]}',
    },
    "vulnerabilities.npm_audit": {"": sample("vulnerabilities/npm-audit-2.json")},
    "vulnerabilities.pip_audit": {"": sample("vulnerabilities/pip-audit.json")},
}
"""What each tool leaves that is not run here: on standard output (the empty name), and in its files."""

ENDED = {"type_findings.tsc": 2, "type_findings.mypy": 1, "type_findings.pyright": 1, "test_results.pytest": 1}
"""With which status they end where it is not the first that the tool knows."""
