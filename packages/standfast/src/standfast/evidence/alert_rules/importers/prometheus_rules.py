"""Import a Prometheus rule file, a PrometheusRule of Kubernetes, or an Alertmanager configuration."""

import codecs
import re

from standfast.evidence.alert_rules.read import read_rules
from standfast.evidence.contract import Format, Head, Reading
from standfast.model import EvidenceError

FORMAT = Format(
    name="prometheus-rules",
    title="Prometheus alert rules or their routing",
    produced_with={
        "Prometheus": "the rule file that the project keeps",
        "Kubernetes": "kubectl get prometheusrule -o yaml",
    },
)

_GROUPS = re.compile(r"^[^\S\n]*+groups\s*+:", re.MULTILINE)
_RULES = re.compile(r"^[^\S\n]*+(?:-[^\S\n]++)?(?:rules|alert|record)\s*+:", re.MULTILINE)
_ROUTING = re.compile(r"^(?:route|receivers)\s*:", re.MULTILINE)


def recognise(head: Head) -> bool:
    """Return whether the text begins like groups of rules, or like a routing tree."""
    if head.shape != "text":
        return False
    return bool(_GROUPS.search(head.start) and _RULES.search(head.start)) or bool(_ROUTING.search(head.start))


def read(data: bytes) -> Reading:
    """Return the rules and the routing.

    Raises:
        EvidenceError: It is not YAML, or holds neither rules nor routing.
    """
    try:
        body = read_rules("rules.yml", data.removeprefix(codecs.BOM_UTF8).decode())
    except UnicodeDecodeError as error:
        raise EvidenceError("report-encoding", f"the rules are not UTF-8: byte {error.start}") from error
    if body is None:
        raise EvidenceError("alert-rules-none", "the file holds neither groups of rules nor a routing tree")
    return Reading(body=body, tool="prometheus-rules")
