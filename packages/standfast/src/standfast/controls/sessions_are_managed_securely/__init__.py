"""Sessions begin anew at login and end when they must."""
