"""How much of the code the tests ran."""
