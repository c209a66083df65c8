"""The tests run without anybody remembering them."""
