"""Tables that a format stores with types and names (Parquet, Arrow)."""
