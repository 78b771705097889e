"""What a manifest means: records for every environment on every platform."""
