"""Our own look at Python sources. Everything here and in the ``scan`` modules uses the standard library only.

So that any interpreter can run it: one that is too old for the project's syntax hands the files that it cannot parse to
the project's own.
"""
