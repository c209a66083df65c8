"""The packages that lock files pin: the inventory that scans and bills of materials are compared with."""
