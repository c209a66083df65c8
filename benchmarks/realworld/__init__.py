"""Published projects, gated and compared with their tools run by hand; `make realworld` runs it."""
