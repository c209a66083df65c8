"""Tool configuration is not weakened."""
