"""Every statement that excuses a vulnerability is justified and recent."""
