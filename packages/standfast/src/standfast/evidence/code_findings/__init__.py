"""What static analysis found in the code that an attacker could use."""
