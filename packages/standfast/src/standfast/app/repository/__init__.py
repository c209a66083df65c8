"""Know the project: its content, its history, its environment, what it is made of."""
