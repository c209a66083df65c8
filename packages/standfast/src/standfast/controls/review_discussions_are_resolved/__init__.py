"""Every discussion of the review is resolved."""
