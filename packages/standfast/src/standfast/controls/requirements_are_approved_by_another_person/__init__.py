"""Requirements are approved by somebody other than their author."""
