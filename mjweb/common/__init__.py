"""What every room stands on: errors, access policies, pagination, identifiers. It knows no room."""
