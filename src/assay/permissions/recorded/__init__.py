"""A recorded event read as the request that was made. What it does not say is unknown."""
