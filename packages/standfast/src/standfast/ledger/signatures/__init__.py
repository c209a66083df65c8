"""Signatures of people: what each kind of them is, behind one port."""
