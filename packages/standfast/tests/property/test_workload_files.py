"""No text of a file that starts a workload, or of a script, makes its reader fail."""

from hypothesis import given
from hypothesis import strategies as st

from standfast.evidence.repository.manifests import manifests
from standfast.evidence.runs.texts import TextFile
from standfast.evidence.service_code.javascript import service_code_of
from standfast.evidence.workloads.read import workloads_of

PATHS = st.sampled_from(["Dockerfile", "compose.yaml", "k8s/a.yaml", "Procfile", "run.sh", "docker-entrypoint.sh"])
WORDS = st.sampled_from(
    [
        *(
            "FROM a AS b\n",
            "CMD ",
            "ENTRYPOINT ",
            '["sh", "-c", "x"]',
            "HEALTHCHECK ",
            "NONE",
            "\\\n",
            "<<EOF",
            "[",
            "]",
        ),
        *(
            "services:\n",
            "  a:\n",
            "    build: .\n",
            "    command: ",
            "'",
            '"',
            "kind: Deployment\n",
            "spec:\n",
            "{{ x }}",
        ),
        *(
            "  template:\n",
            "    spec:\n",
            "      containers:\n",
            "      - name: a\n",
            "run.sh",
            "exec ",
            "web: ",
            ": ",
            "&a ",
            "*a",
        ),
        *(
            "livenessProbe: {httpGet: {path: /x}}\n",
            "http://localhost/",
            "stop_grace_period: 1m",
            "é",
            "\x00",
            "- ",
            "\t",
        ),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map("".join))


@given(st.lists(st.tuples(PATHS, TEXTS), max_size=4, unique_by=lambda one: one[0]))
def test_any_file_is_read_or_counted(files: list[tuple[str, str]]) -> None:
    """Each file is examined, skipped or an error of the examination; nothing is lost."""
    found = workloads_of([TextFile(path, text=text) for path, text in files]).examination

    assert (found.examined or 0) + found.skipped + found.errors == len(files)


@given(TEXTS)
def test_any_script_is_read(text: str) -> None:
    """Whatever a JavaScript file holds, it is examined."""
    assert service_code_of([TextFile("a.js", text=text)], expected=1).examination.shortfalls() == ()


@given(st.dictionaries(st.sampled_from(["pyproject.toml", "package.json", "requirements.txt", "go.mod"]), TEXTS))
def test_any_manifest_is_taken_for_one(texts: dict[str, str]) -> None:
    """A manifest that cannot be parsed is taken to declare dependencies; its path is kept."""
    assert all(one.path in texts for one in manifests(tuple(texts), texts))
