"""Every piece of evidence names its tool and version."""
