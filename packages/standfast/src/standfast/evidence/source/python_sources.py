"""Every scanner of Python sources over one parse: ``python -m standfast.evidence.source.python_sources``."""

import standfast.evidence.complexity.scan as complexity
import standfast.evidence.docstrings.scan as docstrings
import standfast.evidence.error_handling.scan as error_handling
import standfast.evidence.metric_code.scan as metric_code
import standfast.evidence.outbound_calls.scan as outbound_calls
import standfast.evidence.service_code.scan as service_code
import standfast.evidence.service_setup.scan as service_setup
from standfast.evidence.source.scanning import Examine, main

SCANNERS: dict[str, Examine] = {
    complexity.KIND: complexity.examine,
    docstrings.KIND: docstrings.examine,
    error_handling.KIND: error_handling.examine,
    metric_code.KIND: metric_code.examine,
    outbound_calls.KIND: outbound_calls.examine,
    service_code.KIND: service_code.examine,
    service_setup.KIND: service_setup.examine,
}

if __name__ == "__main__":
    main(SCANNERS)
