"""Import the record of a deployment in Standfast's own JSON form."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.deployments.schema import Confirmation, Deployments, Watch
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.evidence.wording.moments import Moment
from standfast.model import Examination

FORMAT = Format(
    name="standfast-deployments",
    title="a Standfast record of a deployment",
    produced_with={"any": "a script of the project; standfast rollout run (comes with a later version)"},
)


class _Document(Native, frozen=True, kw_only=True):
    standfast_deployments: int
    artifact: str
    deployed_at: Moment
    deployer: str
    watch: Watch
    confirmation: Confirmation | None = None


def recognise(head: Head) -> bool:
    """Return whether the bytes are such a record."""
    return is_native(head, "deployments")


def read(data: bytes) -> Reading:
    """Return the deployment.

    Raises:
        EvidenceError: It is not such a record.
    """
    document = native(data, _Document, "deployments", FORMAT.title)
    body = Deployments(
        examination=Examination(unit="deployments", examined=1),
        artifact=document.artifact,
        deployed_at=document.deployed_at,
        deployer=document.deployer,
        watch=document.watch,
        confirmation=document.confirmation,
    )
    return native_reading(document, body)
