"""What runs inside a foreign kernel."""
