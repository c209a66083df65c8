"""What the files that start a service say: its first process, the questions about its health, how it is stopped."""

import pytest

from standfast.evidence.runs.texts import TextFile
from standfast.evidence.workloads.commands import server_of, words_command
from standfast.evidence.workloads.read import files_of, workloads_of
from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.evidence.workloads.tables import compose_size, cores, seconds, size

SCRIPTS = {
    "docker/start.sh": "#!/bin/sh\nset -e\n./migrate\nexec gunicorn app:app\n",
    "docker/run.sh": "#!/bin/sh\ngunicorn app:app\n",
    "docker/log.sh": "#!/bin/sh\nexec 2>&1\ngunicorn app:app\n",
    "docker/trap.sh": "#!/bin/bash\ntrap 'kill $pid' TERM\ngunicorn app:app &\nwait\n",
}


def read(path: str, text: str) -> Workloads:
    """Return what one file starts, beside the scripts."""
    return workloads_of([TextFile(path, text=text), *(TextFile(name, text=script) for name, script in SCRIPTS.items())])


def only(path: str, text: str) -> Workload:
    """Return the one workload of one file."""
    (found,) = read(path, text).workloads
    return found


FORMS = {
    "exec form": ('CMD ["python", "-m", "shop"]', "exec"),
    "shell form": ("CMD python -m shop", "shell"),
    "shell form with exec": ("CMD exec python -m shop", "exec"),
    "shell form, migrated first": ("CMD ./migrate && exec python -m shop", "exec"),
    "shell form of the entry point": ("ENTRYPOINT python -m shop", "shell"),
    "arguments in shell form": ('ENTRYPOINT ["python", "-m"]\nCMD shop', "exec"),
    "an explicit shell": ('CMD ["sh", "-c", "python -m shop"]', "shell"),
    "an explicit bash with one command": ('CMD ["bash", "-c", "python -m shop"]', "exec"),
    "an explicit bash with two": ('CMD ["bash", "-c", "./migrate && python -m shop"]', "shell"),
    "an explicit shell with exec": ('CMD ["/bin/sh", "-ec", "exec python -m shop"]', "exec"),
    "an init in front of a shell": ('ENTRYPOINT ["tini", "--"]\nCMD python -m shop', "shell"),
    "an init in front": ('ENTRYPOINT ["/usr/bin/tini", "-g", "--", "python", "-m", "shop"]', "exec"),
    "another user": ('CMD ["gosu", "shop", "python", "-m", "shop"]', "exec"),
    "a script that hands over": ('CMD ["/app/start.sh"]', "exec"),
    "a script that does not": ('CMD ["/app/run.sh"]', "script"),
    "a script that only redirects": ('CMD ["/app/log.sh"]', "script"),
    "a script that passes it on": ('CMD ["/app/trap.sh"]', "exec"),
    "a script for a shell": ('CMD ["sh", "run.sh"]', "script"),
    "a script that is not here": ('CMD ["/app/elsewhere.sh"]', "unknown"),
    "a package manager": ('CMD ["npm", "start"]', "package-manager"),
    "lower case and two lines": ('cmd ["python", \\\n  # why\n  "-m", "shop"]', "exec"),
    "the last one counts": ('CMD python -m shop\nCMD ["python", "-m", "shop"]', "exec"),
    "brackets that are no list": ("CMD [ -f x ] && python -m shop", "shell"),
    "nothing": ("RUN true", "inherited"),
    "a command in a text of its own": ("RUN <<EOF\nCMD x\nEOF", "inherited"),
}


@pytest.mark.parametrize(("lines", "form"), FORMS.values(), ids=FORMS)
def test_first_process_of_an_image(lines: str, form: str) -> None:
    """Only a program that is the first process itself, or a shell that hands over to it, gets the signal."""
    assert only("Dockerfile", f"FROM python:3.11\n{lines}\n").form == form


def test_last_stage_counts_with_what_it_is_based_on() -> None:
    """The image is the last stage; it takes over what the stage has said that it is based on."""
    text = """\
FROM python:3.11 AS base
STOPSIGNAL SIGINT
HEALTHCHECK CMD curl -f http://localhost:80/healthz || exit 1
CMD ["python", "-m", "shop"]
FROM node:20 AS page
CMD npm start
FROM base
RUN true
"""

    image = only("Dockerfile", text)

    assert (image.command, image.form, image.stop_signal) == ("python -m shop", "exec", "SIGINT")
    assert [(query.kind, query.asks, query.line) for query in image.queries] == [("health", "/healthz", 3)]


def test_health_query_that_is_switched_off_is_none() -> None:
    """`HEALTHCHECK NONE` and `disable: true` ask nothing."""
    off = "services:\n  a:\n    build: .\n    healthcheck:\n      disable: true\n      test: [CMD, x]\n"

    assert only("Dockerfile", "FROM x\nHEALTHCHECK NONE\n").queries == ()
    assert only("compose.yaml", off).queries == ()


COMPOSE = """\
services:
  db:
    image: postgres:16
  shop:
    build:
      context: app
      dockerfile: Containerfile
    command: gunicorn --graceful-timeout 25 "shop:app"
    stop_grace_period: 1m30s
    stop_signal: SIGINT
    mem_limit: 512m
    deploy:
      resources:
        limits: {cpus: "0.50"}
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8000/ready?x=1"]
"""


def test_service_of_compose_is_read() -> None:
    """A service that is built here has its command without a shell, its questions and its time to stop."""
    shop = only("deploy/compose.yaml", COMPOSE)

    assert (shop.title, shop.line) == ("the service shop of deploy/compose.yaml", 5)
    assert (shop.form, shop.image, shop.stop_signal) == ("exec", "deploy/app/Containerfile", "SIGINT")
    assert (shop.server, shop.drains, shop.server_grace_s, shop.grace_s) == ("gunicorn", True, 25.0, 90.0)
    assert (shop.memory_bytes, shop.cpus) == (512 * 1024**2, 0.5)
    assert [(query.kind, query.asks) for query in shop.queries] == [("health", "/ready")]


MANIFEST = """\
apiVersion: v1
kind: ConfigMap
---
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 45
      initContainers:
        - name: migrate
          command: [sh, -c, ./migrate]
      containers:
        - name: shop
          command: [sh, -c, "uvicorn shop:app"]
          resources:
            limits: {memory: 500M, cpu: 250m}
          livenessProbe:
            httpGet: {path: /live, port: http}
          readinessProbe:
            exec: {command: [wget, "http://localhost/ready"]}
          lifecycle:
            preStop: {sleep: {seconds: 5}}
        - name: sidecar
          args: [--port, "80"]
          startupProbe:
            tcpSocket: {port: 80}
"""


def test_containers_of_kubernetes_are_read() -> None:
    """Each container has its command, its questions with their paths, and the time that its pod gives."""
    shop, sidecar = read("k8s/shop.yaml", MANIFEST).workloads

    assert (shop.name, shop.form, shop.server, shop.grace_s, shop.pre_stop) == ("shop", "shell", "uvicorn", 45.0, True)
    assert [(query.kind, query.asks) for query in shop.queries] == [("alive", "/live"), ("ready", "/ready")]
    assert (shop.memory_bytes, shop.cpus, sidecar.memory_bytes) == (500_000_000, 0.25, None)
    assert (sidecar.form, sidecar.pre_stop) == ("inherited", False)
    assert [(query.kind, query.asks) for query in sidecar.queries] == [("started", "")]


def test_manifest_in_a_list_and_a_pod_are_read() -> None:
    """A list of manifests, and a pod that nothing creates, start containers too; a job ends by itself."""
    pod = "kind: List\nitems:\n  - kind: Pod\n    spec:\n      containers: [{name: a}]\n  - kind: Job\n"

    assert [one.name for one in read("k8s/all.yml", pod).workloads] == ["a"]


def test_template_is_skipped_and_said() -> None:
    """A template starts nothing by itself; the examination is not complete, so that nothing passes on it."""
    found = read("chart/templates/shop.yaml", "kind: Deployment\nspec: {{ .Values.spec }}\n")

    assert found.workloads == ()
    assert "1 files were skipped (chart/templates/shop.yaml is a template; collect what it is rendered to)" in (
        found.examination.shortfalls()
    )


def test_file_that_is_no_yaml_is_an_error() -> None:
    """A Compose file that cannot be parsed is an error; a YAML file that is about something else is not parsed."""
    assert read("compose.yaml", "a: [").examination.errors == 1
    assert read("mkdocs.yml", "a: !!python/name:x [").examination.errors == 0
    assert workloads_of([TextFile("Dockerfile", error="is not UTF-8: byte 0")]).examination.errors == 1


def test_processes_of_a_procfile_are_read() -> None:
    """Each line is a process."""
    found = read("Procfile", "# how\nweb: gunicorn shop:app\nworker: python -m shop work\n").workloads

    assert [(one.name, one.server, one.line) for one in found] == [("web", "gunicorn", 2), ("worker", "", 3)]


def test_files_for_work_and_of_others_start_nothing() -> None:
    """Files of development, of tests and of the pipeline are left out, and so are locks."""
    wanted = ("Dockerfile", "deploy/compose.yml", "k8s/a.yaml", "Procfile", "docker/start.sh")
    other = (".devcontainer/Dockerfile", "Dockerfile.dev", "docker-compose.override.yml", ".github/workflows/a.yml",
             "tests/k8s/a.yaml", "pnpm-lock.yaml", "src/a.py", "node_modules/a/Dockerfile")  # fmt: skip

    assert files_of((*wanted, *other)) == wanted


def test_kubernetes_is_what_is_operated() -> None:
    """Beside manifests, Compose and images are for trials; otherwise an image counts that no service is built from."""
    image = Workload(source="image", name="a", path="app/Containerfile", line=1)
    other = Workload(source="image", name="b", path="job/Dockerfile", line=1)
    service = Workload(source="compose", name="c", path="compose.yaml", line=1, image="app/Containerfile")
    container = Workload(source="kubernetes", name="d", path="k8s/a.yaml", line=1)
    examination = read("mkdocs.yml", "").examination

    assert Workloads(examination=examination, workloads=(image, other, service)).operated() == (service, other)
    assert Workloads(examination=examination, workloads=(image, service, container)).operated() == (container,)


@pytest.mark.parametrize(
    ("command", "name", "drains", "grace"),
    [
        ("uvicorn shop:app", "uvicorn", True, None),
        ("/venv/bin/uvicorn shop:app --timeout-graceful-shutdown 20", "uvicorn", True, 20.0),
        ("gunicorn -k uvicorn.workers.UvicornWorker shop:app", "gunicorn", True, 30.0),
        ("gunicorn --graceful-timeout=5 shop:app", "gunicorn", True, 5.0),
        ("fastapi run shop.py", "uvicorn", True, None),
        ("flask run --host 0.0.0.0", "flask run", False, None),
        ("python manage.py runserver", "manage.py runserver", False, None),
        ("python -m http.server 80", "-m http.server", False, None),
        ("python -m shop serve", "", None, None),
        ("python uvicorn_settings.py", "", None, None),
    ],
)
def test_server_is_known_by_the_command(
    command: str, name: str, drains: bool | None, grace: float | None
) -> None:  # data
    """A command that names a server tells whether it drains, and for how long it may."""
    assert server_of(command) == (name, drains, grace)


def test_command_without_a_program_is_unknown() -> None:
    """A wrapper in front of nothing starts nothing that is known."""
    assert words_command(["tini", "--"], {}).form == "unknown"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10s", 10.0),
        ("1m30s", 90.0),
        ("1h", 3600.0),
        ("500ms", 0.5),
        (30, 30.0),
        ("30", None),
        ("", None),
        (True, None),
    ],
)
def test_durations_of_compose(value: str | int, expected: float | None) -> None:
    """A duration is what Compose or Kubernetes write; anything else is none."""
    assert seconds(value) == expected


@pytest.mark.parametrize(
    ("written", "kubernetes", "compose"),
    [
        ("512Mi", 512 * 1024**2, None),
        ("512M", 512 * 1000**2, 512 * 1024**2),
        ("512m", None, 512 * 1024**2),
        ("1Gi", 1024**3, None),
        ("1gb", None, 1024**3),
        (1000, 1000, 1000),
        ("much", None, None),
        (None, None, None),
    ],
)
def test_sizes_mean_what_each_platform_says(
    written: str | int | None, kubernetes: float | None, compose: float | None
) -> None:
    """Kubernetes tells powers of 1000 from those of 1024, Compose knows the latter only."""
    assert (size(written), compose_size(written)) == (kubernetes, compose)


@pytest.mark.parametrize(("written", "expected"), [("250m", 0.25), ("0.5", 0.5), (2, 2.0), ("many", None)])
def test_shares_of_processors(written: str | int, expected: float | None) -> None:
    """A share is a number, or thousandths."""
    assert cores(written) == expected
