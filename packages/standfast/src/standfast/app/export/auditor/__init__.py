"""The parts of the auditor's program, which `standfast.app.export.program` joins to one file; see there."""
