"""Tests notice planted defects."""
