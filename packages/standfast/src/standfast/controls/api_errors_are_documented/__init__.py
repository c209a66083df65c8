"""Every operation documents its errors as problem documents."""
