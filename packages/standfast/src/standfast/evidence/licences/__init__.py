"""The licences of the packages that the product contains."""
