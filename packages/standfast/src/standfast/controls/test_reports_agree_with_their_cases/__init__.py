"""Test reports agree with their own cases."""
