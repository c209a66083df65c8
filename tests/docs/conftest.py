"""The tiny project is an input of these tests, not one of them."""

collect_ignore = ["greeter"]
