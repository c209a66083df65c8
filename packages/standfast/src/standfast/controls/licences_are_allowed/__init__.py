"""Every delivered package has a licence that the policy allows."""
