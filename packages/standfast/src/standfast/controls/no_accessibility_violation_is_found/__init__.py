"""No tool finds a violation of WCAG 2.1 AA."""
